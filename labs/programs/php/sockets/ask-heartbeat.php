<?php

/**
 * A client that asks for signs of life while it waits, and asks once more.
 *
 * Usage: php sockets/ask-heartbeat.php HOST PORT
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';

// Seconds.
const INTERVAL = 0.25;
const PATIENCE = 1.0;

function now(): float
{
    return hrtime(true) / 1e9;
}

/** Returns the first line that is no heartbeat, or false at the end of file. */
function read(Socket $server): string|false
{
    $received = '';
    $heard = now();
    $beat = $heard + INTERVAL;
    while (true) {
        $wait = max(0, min($beat, $heard + PATIENCE) - now());
        [$read, $none] = [[$server], null];
        if (socket_select($read, $none, $none, 0, (int) ($wait * 1e6)) > 0) {
            $data = socket_read($server, 4096);
            if ($data === '') {
                return false;
            }
            $received .= $data;
            while (str_contains($received, "\n")) {
                [$line, $received] = explode("\n", $received, 2);
                if ($line !== 'Heartbeat') {
                    return $line;
                }
            }
            $heard = now();
            $beat = $heard + INTERVAL;
        } elseif (now() >= $heard + PATIENCE) {
            // PHP has no exception for a timeout; what warnings become is an ErrorException.
            throw new RuntimeException('no sign of life from the server');
        } elseif (now() >= $beat) {
            socket_write($server, "Heartbeat\n");
            $beat += INTERVAL;
        }
    }
}

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(string $host, int $port): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    try {
        echo "Connected to $host:$port.\n";
        step('send', fn () => socket_write($server, "Hello Server!\n"));
        $reply = step('read', fn () => read($server));
        step('close', fn () => socket_close($server));
        return $reply;
    } catch (Exception $error) {
        // Closed at once: the trace of an exception may keep the connection alive.
        socket_close($server);
        throw $error;
    }
}

if ($argc !== 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php sockets/ask-heartbeat.php HOST PORT', 2);
}
[, $host, $port] = $argv;
foreach ([false, true] as $isLast) {
    try {
        $reply = ask($host, (int) $port);
        if ($reply !== false) {
            break;
        }
        $failure = 'The server closed the connection without a reply.';
    } catch (RuntimeException) {
        $failure = 'No sign of life from the server.';
    } catch (Exception $error) {
        $failure = match ($error->getCode()) {
            SOCKET_ECONNREFUSED => "Connection refused: nothing listens on $host:$port.",
            SOCKET_ECONNRESET => 'Connection reset: the server or something on the way aborted the connection.',
            default => "Connection failed: {$error->getMessage()}",
        };
    }
    if ($isLast) {
        fail($failure);
    }
    fwrite(STDERR, "Trying again: $failure\n");
}
echo "The server said: $reply\n";
