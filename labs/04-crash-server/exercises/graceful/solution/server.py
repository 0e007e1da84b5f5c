"""A server that is busy: it looks at a request when you press Enter.

On SIGTERM it accepts nobody any more, finishes what it has begun, and ends.

Usage: python3 server.py PORT
"""

import contextlib
import signal
import socket
import sys


def serve(client):
    with client, client.makefile("rb") as lines:
        sys.stdin.readline()
        lines.readline()
        client.sendall(b"Hello Client!\n")


def main():
    listener = socket.create_server(("", int(sys.argv[1])))
    # What a signal interrupts goes on after it, but for accept(): nobody listens then.
    signal.signal(signal.SIGTERM, lambda *_: listener.close())
    try:
        while True:
            client, _ = listener.accept()
            # One client's connection may fail: no reason to let the next one down.
            with contextlib.suppress(ConnectionError):
                serve(client)
    except OSError:
        is_closed = listener.fileno() == -1
        if not is_closed:
            raise


if __name__ == "__main__":
    main()
