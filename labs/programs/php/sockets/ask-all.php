<?php

/**
 * A client that sends one line and reads lines until there are no more.
 *
 * Usage: php sockets/ask-all.php HOST PORT
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';

/** Prints the lines that the server answered, and returns how many there were. */
function ask(string $host, int $port): int
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    step('send', fn () => socket_write($server, "Hello Server!\n"));
    $replies = 0;
    while (($reply = step('read', fn () => receiveLine($server))) !== false) {
        echo 'The server said: ', rtrim($reply, "\n"), "\n";
        $replies++;
    }
    step('close', fn () => socket_close($server));
    return $replies;
}

if ($argc !== 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php sockets/ask-all.php HOST PORT', 2);
}
[, $host, $port] = $argv;
try {
    $replies = ask($host, (int) $port);
} catch (Exception $error) {
    fail(match ($error->getCode()) {
        SOCKET_ECONNREFUSED => "Connection refused: nothing listens on $host:$port.",
        SOCKET_ECONNRESET => 'Connection reset: the server or something on the way aborted the connection.',
        default => "Connection failed: {$error->getMessage()}",
    });
}
if ($replies === 0) {
    fail('The server closed the connection without a reply.');
}
