"""A server that reads a request, and then throws the connection away.

Usage: python3 server.py PORT
"""

import contextlib
import socket
import struct
import sys


def serve(client):
    with client, client.makefile("rb") as lines:
        lines.readline()
        # Lingering for 0 seconds: a close that waits for nothing.
        linger = struct.pack("ii", 1, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def main():
    with socket.create_server(("", int(sys.argv[1]))) as listener:
        while True:
            client, _ = listener.accept()
            # One client's connection may fail: no reason to let the next one down.
            with contextlib.suppress(ConnectionError):
                serve(client)


if __name__ == "__main__":
    main()
