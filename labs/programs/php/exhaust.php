<?php

/** Uses up what a process has only so much of; the servers share it. */

declare(strict_types=1);

const CHUNK = 8 * 1024 * 1024;

/** Opens files until the process may not have more; they stay open. */
function leakDescriptors(): void
{
    static $files = [];
    try {
        while (true) {
            $files[] = fopen('/dev/null', 'r');
        }
    } catch (ErrorException $error) {
        // The warning of fopen() has words only.
        if (!str_ends_with($error->getMessage(), socket_strerror(SOCKET_EMFILE))) {
            throw $error;
        }
    }
}

/** Takes as much memory as the budget allows, and frees it when it returns. */
function takeMemory(float $budget = INF): void
{
    // The limit of the system is to be met, and not that of PHP.
    ini_set('memory_limit', '-1');
    $taken = [];
    while ((count($taken) + 1) * CHUNK <= $budget) {
        // Written to: the system gives a page only then.
        $taken[] = str_repeat('x', CHUNK);
    }
}
