"""Listens for connections; the servers share it."""

import socket


def on(port):
    """Listens on all addresses, of IPv4 and, where the host has it, of IPv6."""
    if not socket.has_dualstack_ipv6():
        return socket.create_server(("", port))
    return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
