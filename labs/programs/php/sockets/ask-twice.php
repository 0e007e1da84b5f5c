<?php

/**
 * A client that sends a line, waits for Enter, sends the next one, and then reads one line.
 *
 * Usage: php sockets/ask-twice.php HOST PORT [MESSAGE ...]
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(string $host, int $port, array $messages): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    try {
        foreach ($messages as $number => $message) {
            if ($number > 0) {
                step('pause', fn () => fgets(STDIN));
            }
            step('send', fn () => socket_write($server, "$message\n"));
        }
    } catch (ErrorException $error) {
        if ($error->getCode() !== SOCKET_EPIPE) {
            throw $error;
        }
        // Nothing can be sent any more, but an answer may have come before.
        fwrite(STDERR, "Broken pipe: the server has closed the connection.\n");
    }
    $reply = step('read', fn () => receiveLine($server));
    step('close', fn () => socket_close($server));
    return $reply;
}

if ($argc < 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php sockets/ask-twice.php HOST PORT [MESSAGE ...]', 2);
}
[, $host, $port] = $argv;
$messages = array_slice($argv, 3) ?: ['Hello Server!', 'Are you still there?'];
try {
    $reply = ask($host, (int) $port, $messages);
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
