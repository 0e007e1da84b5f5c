"""A client that keeps its connection, and asks again over it when Enter is pressed.

Usage: python3 ask_pooled.py HOST PORT
"""

import socket
import sys

import steps


def connect(host, port):
    server = steps.run("connect", lambda: socket.create_connection((host, port)))
    # Flushed, because what comes next may wait for ever.
    print(f"Connected to {host}:{port}.", flush=True)
    return server


def ask(server):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    steps.run("send", lambda: server.sendall(b"Hello Server!\n"))
    # Unbuffered: what may come after the line stays in the connection.
    with server.makefile("rb", buffering=0) as lines:
        reply = steps.run("read", lines.readline)
    if reply:
        print("The server said:", reply.decode().rstrip("\n"), flush=True)
    return reply


def ask_twice(host, port):
    with connect(host, port) as server:
        reply = ask(server)
        if reply:
            steps.run("pause", sys.stdin.readline)
            reply = ask(server)
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_pooled.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = ask_twice(host, port)
    except ConnectionRefusedError:
        sys.exit(f"Connection refused: nothing listens on {host}:{port}.")
    except ConnectionResetError:
        sys.exit(
            "Connection reset: the server or something on the way aborted the"
            " connection."
        )
    except OSError as error:
        sys.exit(f"Connection failed: {error}")
    if not reply:
        sys.exit("The server closed the connection without a reply.")


if __name__ == "__main__":
    main()
