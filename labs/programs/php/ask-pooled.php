<?php

/**
 * A client that keeps its connection, and asks again over it when Enter is pressed.
 *
 * Usage: php ask-pooled.php HOST PORT
 */

declare(strict_types=1);

require __DIR__ . '/steps.php';
require __DIR__ . '/streams.php';

/**
 * Returns the line that the server answered, or false if it gave no answer.
 *
 * @param resource $server
 */
function ask($server): string|false
{
    step('send', fn () => fwrite($server, "Hello Server!\n"));
    $reply = step('read', fn () => fgets($server));
    if ($reply !== false) {
        echo 'The server said: ', rtrim($reply, "\n"), "\n";
    }
    return $reply;
}

function askTwice(string $host, int $port): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    $reply = ask($server);
    if ($reply !== false) {
        step('pause', fn () => fgets(STDIN));
        $reply = ask($server);
    }
    step('close', fn () => fclose($server));
    return $reply;
}

if ($argc !== 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php ask-pooled.php HOST PORT', 2);
}
[, $host, $port] = $argv;
try {
    $reply = askTwice($host, (int) $port);
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
