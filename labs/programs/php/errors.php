<?php

/** Makes an exception of each warning, for network functions of PHP warn and do not throw. */

declare(strict_types=1);

set_error_handler(function (int $severity, string $message, string $file, int $line): bool {
    // An @ before a call means that its warnings do not matter.
    if ((error_reporting() & $severity) === 0) {
        return false;
    }
    // Streams write "failed with errno=32 Broken pipe", sockets "unable to read [104]: Connection reset".
    $errno = preg_match('/ errno=(\d+) | \[(\d+)\]: /', $message, $found) ? (int) end($found) : 0;
    throw new ErrorException($message, $errno, $severity, $file, $line);
});

/** Ends the program. PHP itself closes what is still open. */
function fail(string $sentence, int $status = 1): never
{
    fwrite(STDERR, "$sentence\n");
    exit($status);
}
