<?php

/**
 * A client that sends one line and reads one line over TLS.
 *
 * Usage: php ask-tls.php HOST PORT
 */

declare(strict_types=1);

require __DIR__ . '/steps.php';
require __DIR__ . '/streams.php';

/** @param resource $server */
function shakeHands($server): void
{
    // Good enough for an example: the client speaks to whoever answers.
    stream_context_set_option($server, ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
    if (!stream_socket_enable_crypto($server, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)) {
        // The only failure of which PHP warns with no word.
        throw new RuntimeException('end of file in the handshake');
    }
}

/** Returns the line that the server answered, or false if it gave no answer. */
function ask(string $host, int $port): string|false
{
    $server = step('connect', fn () => connect($host, $port));
    echo "Connected to $host:$port.\n";
    try {
        step('handshake', fn () => shakeHands($server));
    } catch (Exception $error) {
        // Over TLS there is no errno, but the words of the system.
        if (str_ends_with($error->getMessage(), socket_strerror(SOCKET_ECONNRESET))) {
            throw new ErrorException($error->getMessage(), SOCKET_ECONNRESET);
        }
        fail("TLS handshake failed: {$error->getMessage()}");
    }
    step('send', fn () => fwrite($server, "Hello Server!\n"));
    $reply = step('read', fn () => fgets($server));
    step('close', fn () => fclose($server));
    return $reply;
}

if ($argc !== 3 || !ctype_digit($argv[2]) || $argv[2] > 65535) {
    fail('Usage: php ask-tls.php HOST PORT', 2);
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
