"""A client that asks again when it gets no reply, but never pays twice.

Usage: python3 ask_retry.py HOST PORT [MESSAGE]
"""

import errno
import random
import socket
import sys
import time

import steps

# Seconds after each try; there is nothing to wait for after the last one.
LONGEST_WAITS = (0.1, 0.2, 0.4, None)
WORTH_A_RETRY = (errno.EPIPE, errno.ETIMEDOUT, errno.EHOSTUNREACH)


def ask(host, port, message):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    with steps.run("connect", lambda: socket.create_connection((host, port))) as server:
        # While nothing is said, the system asks whether the server is still there.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # Flushed, because what comes next may wait for ever.
        print(f"Connected to {host}:{port}.", flush=True)
        steps.run("send", lambda: server.sendall(f"{message}\n".encode()))
        # A socket stays open while a file made from it is open, so the file ends first.
        with server.makefile("rb") as lines:
            reply = steps.run("read", lines.readline)
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port, *message = sys.argv[1:]
        (message,) = message or ["Hello Server!"]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_retry.py HOST PORT [MESSAGE]", file=sys.stderr)
        sys.exit(2)
    for longest_wait in LONGEST_WAITS:
        try:
            reply = ask(host, port, message)
            if reply:
                break
            failure = "The server closed the connection without a reply."
        except ConnectionRefusedError:
            failure = f"Connection refused: nothing listens on {host}:{port}."
        except ConnectionResetError:
            failure = (
                "Connection reset: the server or something on the way aborted the"
                " connection."
            )
        except OSError as error:
            failure = f"Connection failed: {error}"
            if error.errno not in WORTH_A_RETRY:
                sys.exit(failure)
        # With a text, sys.exit() prints it on standard error, and the exit status is 1.
        if message.startswith("Pay"):
            sys.exit(f"{failure}\nNot repeated: the server may have done it already.")
        if longest_wait is None:
            sys.exit(failure)
        print(f"Trying again: {failure}", file=sys.stderr)
        # A random time, or all clients of a failed server would come back at once.
        wait = random.uniform(0, longest_wait)
        steps.run("backoff", lambda: time.sleep(wait))
    print("The server said:", reply.decode().rstrip("\n"))


if __name__ == "__main__":
    main()
