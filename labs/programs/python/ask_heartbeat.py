"""A client that asks for signs of life while it waits, and asks once more.

Usage: python3 ask_heartbeat.py HOST PORT
"""

import select
import socket
import sys
import time

import steps

INTERVAL = 0.25
PATIENCE = 1.0


def read(server):
    """Returns the first line that is no heartbeat, or nothing at the end of file."""
    received = b""
    heard = time.monotonic()
    beat = heard + INTERVAL
    while True:
        wait = min(beat, heard + PATIENCE) - time.monotonic()
        readable, _, _ = select.select([server], [], [], max(0, wait))
        if readable:
            data = server.recv(4096)
            received += data
            while b"\n" in received:
                line, received = received.split(b"\n", 1)
                if line != b"Heartbeat":
                    return line + b"\n"
            if not data:
                return received
            heard = time.monotonic()
            beat = heard + INTERVAL
        elif time.monotonic() >= heard + PATIENCE:
            raise TimeoutError("no sign of life from the server")
        else:
            server.sendall(b"Heartbeat\n")
            beat += INTERVAL


def ask(host, port):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    with steps.run("connect", lambda: socket.create_connection((host, port))) as server:
        # Flushed, because what comes next may wait for ever.
        print(f"Connected to {host}:{port}.", flush=True)
        steps.run("send", lambda: server.sendall(b"Hello Server!\n"))
        reply = steps.run("read", lambda: read(server))
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_heartbeat.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    for is_last in (False, True):
        try:
            reply = ask(host, port)
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
            # What the system raises when its own patience ends has an errno.
            if isinstance(error, TimeoutError) and error.errno is None:
                failure = "No sign of life from the server."
        # With a text, sys.exit() prints it on standard error, and the exit status is 1.
        if is_last:
            sys.exit(failure)
        print(f"Trying again: {failure}", file=sys.stderr)
    print("The server said:", reply.decode().rstrip("\n"))


if __name__ == "__main__":
    main()
