"""A server that has lost all its file descriptors by the time you press Enter.

It has one in reserve, with which it can still tell a client that it is busy.

Usage: python3 server.py PORT
"""

import contextlib
import os
import socket
import sys

import exhaust


def serve(client):
    with client, client.makefile("rb") as lines:
        lines.readline()
        client.sendall(b"Busy, try again later.\n")


def main():
    with socket.create_server(("", int(sys.argv[1]))) as listener:
        reserve = os.open("/dev/null", os.O_RDONLY)
        sys.stdin.readline()
        # It stands for a leak somewhere in a large program: leave it as it is.
        exhaust.descriptors()
        while True:
            os.close(reserve)
            client, _ = listener.accept()
            # One client's connection may fail: no reason to let the next one down.
            with contextlib.suppress(ConnectionError):
                serve(client)
            reserve = os.open("/dev/null", os.O_RDONLY)


if __name__ == "__main__":
    main()
