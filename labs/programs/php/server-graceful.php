<?php

/**
 * A server that finishes what it has begun when it is told to end with SIGTERM.
 *
 * Usage: php server-graceful.php PORT
 */

declare(strict_types=1);

require __DIR__ . '/steps.php';
require __DIR__ . '/streams.php';

class Server
{
    /** Microseconds. A signal that comes just before a wait begins does not end it, so no wait is longer. */
    private const LONGEST_WAIT = 100_000;

    /** @var ?resource */
    private $client = null;
    private string $received = '';
    private bool $isTold = false;
    private bool $isStopping = false;

    /** @param resource $listener */
    public function __construct(private $listener)
    {
        // Nothing but a flag: the handler may run between any two operations.
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, fn () => $this->isTold = true);
    }

    public function serve(): void
    {
        while (!$this->isStopping) {
            try {
                $this->client = $this->run('accept', $this->accept(...));
            } catch (RuntimeException) {
                return;
            }
            try {
                $this->answer();
                if ($this->isStopping) {
                    step('shutdown', fn () => stream_socket_shutdown($this->client, STREAM_SHUT_WR));
                    step('drain', fn () => stream_get_contents($this->client));
                }
            } catch (ErrorException) {
                // It is closed, too, and the next client is served.
            }
            step('close', fn () => fclose($this->client));
            [$this->client, $this->received] = [null, ''];
        }
    }

    /** Answers each line until the end of file, or until SIGTERM. */
    private function answer(): void
    {
        try {
            while (!$this->isStopping) {
                $this->run('work', $this->work(...));
                if ($this->run('read', $this->read(...)) === false) {
                    return;
                }
                step('send', fn () => fwrite($this->client, "Hello Client!\n"));
            }
        } catch (RuntimeException) {
            // No request has come that is to be finished.
        }
    }

    /** Runs a step that waits. After SIGTERM it goes on if a request has come. */
    private function run(string $name, callable $operation): mixed
    {
        try {
            return step($name, $operation);
        } catch (RuntimeException $interruption) {
            $this->isStopping = true;
            step('stop', fn () => fclose($this->listener));
            if (!$this->hasRequest()) {
                throw $interruption;
            }
            return step($name, $operation);
        }
    }

    /** @param resource $source */
    private function waitFor($source): void
    {
        do {
            if ($this->isTold && !$this->isStopping) {
                throw new RuntimeException('interrupted by SIGTERM');
            }
            [$read, $none] = [[$source], null];
            // Of a signal it warns, but that is what it is for.
        } while (!@stream_select($read, $none, $none, 0, self::LONGEST_WAIT));
    }

    /** @return resource */
    private function accept()
    {
        $this->waitFor($this->listener);
        return stream_socket_accept($this->listener);
    }

    /** Waits for Enter. */
    private function work(): void
    {
        do {
            $this->waitFor(STDIN);
            $character = fgetc(STDIN);
        } while ($character !== "\n" && $character !== false);
    }

    private function read(): string|false
    {
        while (!str_contains($this->received, "\n")) {
            $this->waitFor($this->client);
            $data = fread($this->client, 8192);
            if ($data === '' || $data === false) {
                return false;
            }
            $this->received .= $data;
        }
        [$line, $this->received] = explode("\n", $this->received, 2);
        return $line;
    }

    /** Whether a request has come, or its beginning; the end of file is none. */
    private function hasRequest(): bool
    {
        if ($this->received !== '' || $this->client === null) {
            return $this->received !== '';
        }
        [$read, $none] = [[$this->client], null];
        $isReady = stream_select($read, $none, $none, 0);
        return $isReady && (string) stream_socket_recvfrom($this->client, 1, STREAM_PEEK) !== '';
    }
}

if ($argc !== 2 || !ctype_digit($argv[1]) || $argv[1] > 65535) {
    fail('Usage: php server-graceful.php PORT', 2);
}
try {
    $listener = step('listen', fn () => listen((int) $argv[1]));
    (new Server($listener))->serve();
} catch (ErrorException $error) {
    fail("Connection failed: {$error->getMessage()}");
}
