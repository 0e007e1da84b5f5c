<?php

/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * Usage: php server.php PORT BEHAVIOUR
 */

declare(strict_types=1);

require __DIR__ . '/steps.php';
require __DIR__ . '/streams.php';
require __DIR__ . '/exhaust.php';

/** @param resource $listener */
function accept($listener)
{
    return step('accept', fn () => stream_socket_accept($listener));
}

/** @param resource $client */
function read($client): string|false
{
    return step('read', fn () => fgets($client));
}

/** @param resource $client */
function send($client): void
{
    step('send', fn () => fwrite($client, "Hello Client!\n"));
}

/** @param resource $client */
function close($client): void
{
    step('close', fn () => fclose($client));
}

/** @param resource $client */
function abort($client): void
{
    step('abort', function () use ($client) {
        // Silenced: it warns of data that was read ahead, and which is to be lost.
        $socket = @socket_import_stream($client);
        // Lingering for 0 seconds makes fclose() throw the connection away: a reset.
        socket_set_option($socket, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
        fclose($client);
    });
}

function wait(): void
{
    step('wait', fn () => stream_get_contents(STDIN));
}

function pause(): void
{
    step('pause', fn () => fgets(STDIN));
}

function openFiles(): void
{
    step('leak', fn () => leakDescriptors());
}

function grow(): void
{
    step('grow', fn () => takeMemory());
}

/** @param resource $client */
function answerHeartbeats($client): void
{
    read($client);
    $hasAll = step('read', function () use ($client) {
        $beats = 0;
        while ($beats < 8 && ($line = fgets($client)) !== false) {
            if ($line === "Heartbeat\n") {
                fwrite($client, $line);
                $beats++;
            }
        }
        return $beats === 8;
    });
    if ($hasAll) {
        send($client);
        step('read', function () use ($client) {
            while (fgets($client) !== false);
            return false;
        });
    }
}

/** @param resource $client */
function failHandshake($client): void
{
    try {
        step('handshake', fn () => stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER));
    } catch (ErrorException) {
        close($client);
    }
}

/** @param resource $listener */
function serve($listener): never
{
    while (true) {
        $client = accept($listener);
        try {
            while (read($client) !== false) {
                send($client);
            }
        } catch (ErrorException) {
            // The next client is served all the same.
        }
        close($client);
    }
}

/** @param resource $listener */
function leak($listener): void
{
    openFiles();
    try {
        accept($listener);
    } catch (ErrorException) {
        wait();
    }
}

// What is done with the connection, in order. What stays open at the end, the end of the process closes.
const BEHAVIOURS = [
    'reply' => ['read', 'send', 'close'],
    'close' => ['read', 'close'],
    'abort' => ['read', 'abort'],
    'never-read' => ['wait', 'close'],
    'never-reply' => ['read', 'wait', 'close'],
    'late-reply' => ['read', 'wait', 'send', 'close'],
    'early-reply' => ['send', 'wait', 'close'],
    'slow-reply' => ['answerHeartbeats', 'close'],
    'accept-leak' => ['read', 'openFiles', 'wait'],
    'grow' => ['pause', 'grow'],
    'read-grow' => ['read', 'pause', 'grow'],
    'tls' => ['failHandshake'],
];
// These accept by themselves.
const LISTENERS = ['serve', 'leak'];

$names = [...array_keys(BEHAVIOURS), ...LISTENERS];
if ($argc !== 3 || !ctype_digit($argv[1]) || $argv[1] > 65535) {
    fail('Usage: php server.php PORT ' . implode('|', $names), 2);
}
[, $port, $behaviour] = $argv;
if (!in_array($behaviour, $names, true)) {
    fail("Unknown behaviour: $behaviour", 127);
}
try {
    $listener = step('listen', fn () => listen((int) $port));
    if (in_array($behaviour, LISTENERS, true)) {
        $behaviour($listener);
    } else {
        $client = accept($listener);
        foreach (BEHAVIOURS[$behaviour] as $act) {
            $act($client);
        }
    }
} catch (ErrorException $error) {
    fail("Connection failed: {$error->getMessage()}");
}
