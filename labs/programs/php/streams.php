<?php

/** What the programs share that use streams. */

declare(strict_types=1);

require __DIR__ . '/errors.php';

// By default PHP waits for no longer than 60 s; here it is the system that gives up, or nobody.
ini_set('default_socket_timeout', '-1');

/** @return resource */
function connect(string $host, int $port)
{
    $address = str_contains($host, ':') ? "[$host]" : $host;
    try {
        return stream_socket_client("tcp://$address:$port", $errno);
    } catch (ErrorException $error) {
        // The warning has words only, and the parameter has the errno.
        throw new ErrorException($error->getMessage(), $errno, $error->getSeverity());
    }
}

/** @return resource A stream that listens on all addresses, of IPv4 and, where the host has it, of IPv6. */
function listen(int $port)
{
    $address = @socket_create(AF_INET6, SOCK_STREAM, SOL_TCP) ? '[::]' : '0.0.0.0';
    $context = stream_context_create(['socket' => ['ipv6_v6only' => false]]);
    return stream_socket_server("tcp://$address:$port", context: $context);
}
