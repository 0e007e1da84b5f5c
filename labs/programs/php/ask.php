<?php

/**
 * A client that sends one line and reads one line.
 *
 * Usage: php ask.php HOST PORT
 */

declare(strict_types=1);

require __DIR__ . '/steps.php';
require __DIR__ . '/streams.php';

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(string $host, int $port): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    step('send', fn () => fwrite($server, "Hello Server!\n"));
    $reply = step('read', fn () => fgets($server));
    step('close', fn () => fclose($server));
    return $reply;
}

if ($argc !== 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php ask.php HOST PORT', 2);
}
[, $host, $port] = $argv;
try {
    $reply = ask($host, (int) $port);
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
echo 'The server said: ', rtrim($reply, "\n"), "\n";
