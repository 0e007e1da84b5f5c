<?php

/**
 * A server that knows its limits, and says so where another one would fail.
 *
 * Usage: php sockets/server-limits.php PORT reserve|shed
 */

declare(strict_types=1);

require __DIR__ . '/../steps.php';
require __DIR__ . '/sockets.php';
require __DIR__ . '/../exhaust.php';

const BUSY = "Busy, try again later.\n";
const BUDGET = 64 * 1024 * 1024;

function reserve(Socket $listener): void
{
    // Given back when nothing else is left, so that a client can still be told.
    $spare = fopen('/dev/null', 'r');
    step('leak', fn () => leakDescriptors());
    fclose($spare);
    $client = step('accept', fn () => socket_accept($listener));
    step('read', fn () => receiveLine($client));
    step('send', fn () => socket_write($client, BUSY));
    step('close', fn () => socket_close($client));
}

function shed(Socket $listener): void
{
    $client = step('accept', fn () => socket_accept($listener));
    step('read', fn () => receiveLine($client));
    step('pause', fn () => fgets(STDIN));
    // The work would need more: it is given up, not the server.
    step('grow', fn () => takeMemory(BUDGET));
    step('send', fn () => socket_write($client, BUSY));
    step('close', fn () => socket_close($client));
}

$isKnown = in_array($argv[2] ?? '', ['reserve', 'shed'], true);
if ($argc !== 3 || !ctype_digit($argv[1]) || $argv[1] > 65535 || !$isKnown) {
    fail('Usage: php sockets/server-limits.php PORT reserve|shed', 2);
}
[, $port, $behaviour] = $argv;
try {
    $listener = step('listen', fn () => listen((int) $port));
    $behaviour($listener);
} catch (ErrorException $error) {
    fail("Connection failed: {$error->getMessage()}");
}
