"""A client that sends one line and reads lines until there are no more.

Usage: python3 ask_all.py HOST PORT
"""

import socket
import sys

import steps


def ask(host, port):
    """Prints the lines that the server answered, and returns how many there were."""
    replies = 0
    with steps.run("connect", lambda: socket.create_connection((host, port))) as server:
        # Flushed, because what comes next may wait for ever.
        print(f"Connected to {host}:{port}.", flush=True)
        steps.run("send", lambda: server.sendall(b"Hello Server!\n"))
        # A socket stays open while a file made from it is open, so the file ends first.
        with server.makefile("rb") as lines:
            while reply := steps.run("read", lines.readline):
                print("The server said:", reply.decode().rstrip("\n"), flush=True)
                replies += 1
        steps.run("close", server.close)
    return replies


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_all.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        replies = ask(host, port)
    except ConnectionRefusedError:
        sys.exit(f"Connection refused: nothing listens on {host}:{port}.")
    except ConnectionResetError:
        sys.exit(
            "Connection reset: the server or something on the way aborted the"
            " connection."
        )
    except OSError as error:
        sys.exit(f"Connection failed: {error}")
    if not replies:
        sys.exit("The server closed the connection without a reply.")


if __name__ == "__main__":
    main()
