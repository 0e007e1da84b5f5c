<?php

/** What the programs share that use the extension for sockets. */

declare(strict_types=1);

require __DIR__ . '/../errors.php';

function connect(string $host, int $port): Socket
{
    $family = str_contains($host, ':') ? AF_INET6 : AF_INET;
    $server = socket_create($family, SOCK_STREAM, SOL_TCP);
    socket_connect($server, $host, $port);
    return $server;
}

/** Listens on all addresses, of IPv4 and, where the host has it, of IPv6. */
function listen(int $port): Socket
{
    $listener = @socket_create(AF_INET6, SOCK_STREAM, SOL_TCP);
    if ($listener) {
        socket_set_option($listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    }
    $address = $listener ? '::' : '0.0.0.0';
    $listener = $listener ?: socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
    socket_set_option($listener, SOL_SOCKET, SO_REUSEADDR, 1);
    socket_bind($listener, $address, $port);
    // Without a number PHP asks for a queue of none, where the kernel lets one connection in.
    socket_listen($listener, SOMAXCONN);
    return $listener;
}

if (!function_exists('receiveLine')) {
    /** Returns the next line, or false at the end of file. */
    function receiveLine(Socket $socket): string|false
    {
        // Byte by byte, as PHP_NORMAL_READ does; but that takes the end of file for a reset.
        $line = '';
        do {
            $byte = socket_read($socket, 1);
            $line .= $byte;
        } while ($byte !== '' && $byte !== "\n");
        return $line === '' ? false : $line;
    }
}
