<?php

/**
 * A client that looks at the connection that it kept before it asks again over it.
 *
 * Usage: php sockets/ask-validated.php HOST PORT [MAX_IDLE_MS]
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';

function open(string $host, int $port): Socket
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    return $server;
}

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(Socket $server): string|false
{
    step('send', fn () => socket_write($server, "Hello Server!\n"));
    $reply = step('read', fn () => receiveLine($server));
    if ($reply !== false) {
        echo 'The server said: ', rtrim($reply, "\n"), "\n";
    }
    return $reply;
}

/** Whether nothing has come unasked: no data, no end of file, and no reset. */
function isSilent(Socket $server): bool
{
    [$read, $none] = [[$server], null];
    return socket_select($read, $none, $none, 0) === 0;
}

function askTwice(string $host, int $port, float $maxIdle): string|false
{
    $server = open($host, $port);
    $reply = ask($server);
    if ($reply !== false) {
        $used = hrtime(true);
        step('pause', fn () => fgets(STDIN));
        $isOld = (hrtime(true) - $used) / 1e6 > $maxIdle;
        if ($isOld || !step('validate', fn () => isSilent($server))) {
            step('close', fn () => socket_close($server));
            $server = open($host, $port);
        }
        $reply = ask($server);
    }
    step('close', fn () => socket_close($server));
    return $reply;
}

if ($argc < 3 || $argc > 4 || !ctype_digit($argv[2]) || $argv[2] > 65535 || !is_numeric($argv[3] ?? 0)) {
    fail('Usage: php sockets/ask-validated.php HOST PORT [MAX_IDLE_MS]', 2);
}
[, $host, $port] = $argv;
$maxIdle = (float) ($argv[3] ?? INF);
try {
    $reply = askTwice($host, (int) $port, $maxIdle);
} catch (Exception $error) {
    fail(match ($error->getCode()) {
        SOCKET_ECONNREFUSED => "Connection refused: nothing listens on $host:$port.",
        SOCKET_ECONNRESET => 'Connection reset: the server or something on the way aborted the connection.',
        default => "Connection failed: {$error->getMessage()}",
    });
}
if ($reply === false) {
    fail('The server closed the connection without a reply.');
}
