<?php

/**
 * A client that asks again when it gets no reply, but never pays twice.
 *
 * Usage: php sockets/ask-retry.php HOST PORT [MESSAGE]
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';

// Milliseconds after each try; there is nothing to wait for after the last one.
const LONGEST_WAITS = [100, 200, 400, null];
const WORTH_A_RETRY = [SOCKET_EPIPE, SOCKET_ETIMEDOUT, SOCKET_EHOSTUNREACH];

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(string $host, int $port, string $message): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    try {
        // While nothing is said, the system asks whether the server is still there.
        socket_set_option($server, SOL_SOCKET, SO_KEEPALIVE, 1);
        echo "Connected to $host:$port.\n";
        step('send', fn () => socket_write($server, "$message\n"));
        $reply = step('read', fn () => receiveLine($server));
        step('close', fn () => socket_close($server));
        return $reply;
    } catch (Exception $error) {
        // Closed at once: the trace of an exception may keep the connection alive.
        socket_close($server);
        throw $error;
    }
}

if ($argc < 3 || $argc > 4 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php sockets/ask-retry.php HOST PORT [MESSAGE]', 2);
}
[, $host, $port] = $argv;
$message = $argv[3] ?? 'Hello Server!';
foreach (LONGEST_WAITS as $longestWait) {
    try {
        $reply = ask($host, (int) $port, $message);
        if ($reply !== false) {
            break;
        }
        $failure = 'The server closed the connection without a reply.';
    } catch (Exception $error) {
        $failure = match ($error->getCode()) {
            SOCKET_ECONNREFUSED => "Connection refused: nothing listens on $host:$port.",
            SOCKET_ECONNRESET => 'Connection reset: the server or something on the way aborted the connection.',
            default => "Connection failed: {$error->getMessage()}",
        };
        if (str_starts_with($failure, 'Connection failed') && !in_array($error->getCode(), WORTH_A_RETRY, true)) {
            fail($failure);
        }
    }
    if (str_starts_with($message, 'Pay')) {
        fail("$failure\nNot repeated: the server may have done it already.");
    }
    if ($longestWait === null) {
        fail($failure);
    }
    fwrite(STDERR, "Trying again: $failure\n");
    // A random time, or all clients of a failed server would come back at once.
    step('backoff', fn () => usleep(random_int(0, $longestWait * 1000)));
}
echo 'The server said: ', rtrim($reply, "\n"), "\n";
