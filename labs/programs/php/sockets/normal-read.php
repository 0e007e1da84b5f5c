<?php

/**
 * Makes the programs beside it read lines by PHP's own means, as the example of the manual does.
 *
 * Usage: php -d auto_prepend_file=sockets/normal-read.php sockets/ask.php HOST PORT
 */

declare(strict_types=1);

/** Returns the next line. At the end of file it fails, with an error of which the network knows nothing. */
function receiveLine(Socket $socket): string|false
{
    return socket_read($socket, 8192, PHP_NORMAL_READ);
}
