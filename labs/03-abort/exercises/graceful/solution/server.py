"""A server that reads a request, answers it, and closes the connection.

Usage: python3 server.py PORT
"""

import contextlib
import socket
import sys


def serve(client):
    with client, client.makefile("rb") as lines:
        lines.readline()
        client.sendall(b"Hello Client!\n")


def main():
    with socket.create_server(("", int(sys.argv[1]))) as listener:
        while True:
            client, _ = listener.accept()
            # One client's connection may fail: no reason to let the next one down.
            with contextlib.suppress(ConnectionError):
                serve(client)


if __name__ == "__main__":
    main()
