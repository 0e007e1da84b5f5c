<?php

/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * Usage: php sockets/server.php PORT BEHAVIOUR
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';
require __DIR__ . '/../exhaust.php';

function accept(Socket $listener): Socket
{
    return step('accept', fn () => socket_accept($listener));
}

function read(Socket $client): string|false
{
    return step('read', fn () => receiveLine($client));
}

function send(Socket $client): void
{
    step('send', fn () => socket_write($client, "Hello Client!\n"));
}

function close(Socket $client): void
{
    step('close', fn () => socket_close($client));
}

function abort(Socket $client): void
{
    step('abort', function () use ($client) {
        // Lingering for 0 seconds makes socket_close() throw the connection away: a reset.
        socket_set_option($client, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
        socket_close($client);
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

function answerHeartbeats(Socket $client): void
{
    read($client);
    $hasAll = step('read', function () use ($client) {
        $beats = 0;
        while ($beats < 8 && ($line = receiveLine($client)) !== false) {
            if ($line === "Heartbeat\n") {
                socket_write($client, $line);
                $beats++;
            }
        }
        return $beats === 8;
    });
    if ($hasAll) {
        send($client);
        step('read', function () use ($client) {
            while (receiveLine($client) !== false);
            return false;
        });
    }
}

function serve(Socket $listener): never
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

function leak(Socket $listener): void
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
];
// These accept by themselves.
const LISTENERS = ['serve', 'leak'];

$names = [...array_keys(BEHAVIOURS), ...LISTENERS];
if ($argc !== 3 || !ctype_digit($argv[1]) || $argv[1] > 65535) {
    fail('Usage: php sockets/server.php PORT ' . implode('|', $names), 2);
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
