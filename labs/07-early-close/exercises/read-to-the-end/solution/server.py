"""A server that says the same to everybody, but listens to what they ask.

Usage: python3 server.py PORT
"""

import contextlib
import socket
import sys


def serve(client):
    with client:
        client.sendall(b"Hello Client!\n")
        # Our FIN comes after the reply; then the client closes, and we see its FIN.
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass


def main():
    with socket.create_server(("", int(sys.argv[1]))) as listener:
        while True:
            client, _ = listener.accept()
            # One client's connection may fail: no reason to let the next one down.
            with contextlib.suppress(ConnectionError):
                serve(client)


if __name__ == "__main__":
    main()
