"""A client that sends a line, waits for Enter, sends the next one, and then reads one line.

Usage: python3 ask_twice.py HOST PORT [MESSAGE ...]
"""

import socket
import sys

import steps


def ask(host, port, messages):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    with steps.run("connect", lambda: socket.create_connection((host, port))) as server:
        # Flushed, because what comes next may wait for ever.
        print(f"Connected to {host}:{port}.", flush=True)
        try:
            for number, message in enumerate(messages):
                if number > 0:
                    steps.run("pause", sys.stdin.readline)
                line = f"{message}\n".encode()
                steps.run("send", lambda: server.sendall(line))
        except BrokenPipeError:
            # Nothing can be sent any more, but an answer may have come before.
            print("Broken pipe: the server has closed the connection.", file=sys.stderr)
        # A socket stays open while a file made from it is open, so the file ends first.
        with server.makefile("rb") as lines:
            reply = steps.run("read", lines.readline)
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port, *messages = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_twice.py HOST PORT [MESSAGE ...]", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = ask(host, port, messages or ["Hello Server!", "Are you still there?"])
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
    print("The server said:", reply.decode().rstrip("\n"))


if __name__ == "__main__":
    main()
