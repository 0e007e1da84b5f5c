"""A client that looks at the connection that it kept before it asks again over it.

Usage: python3 ask_validated.py HOST PORT [MAX_IDLE_MS]
"""

import math
import socket
import sys
import time

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


def is_silent(server):
    """Whether nothing has come unasked: no data, and not the end of file."""
    try:
        server.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    return False


def is_usable(server, idle, max_idle):
    try:
        return idle <= max_idle and steps.run("validate", lambda: is_silent(server))
    except OSError:
        return False


def ask_twice(host, port, max_idle):
    with connect(host, port) as server:
        reply = ask(server)
        if reply:
            used = time.monotonic()
            steps.run("pause", sys.stdin.readline)
            if not is_usable(server, time.monotonic() - used, max_idle):
                steps.run("close", server.close)
                return ask_anew(host, port)
            reply = ask(server)
        steps.run("close", server.close)
    return reply


def ask_anew(host, port):
    with connect(host, port) as server:
        reply = ask(server)
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port, *max_idle_ms = sys.argv[1:]
        (max_idle_ms,) = max_idle_ms or [math.inf]
        max_idle = float(max_idle_ms) / 1000
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print(
            "Usage: python3 ask_validated.py HOST PORT [MAX_IDLE_MS]", file=sys.stderr
        )
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = ask_twice(host, port, max_idle)
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
