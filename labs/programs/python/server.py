"""A server that accepts one connection and then behaves as it is told.

Usage: python3 server.py PORT reply|close|abort|never-read|never-reply
"""

import socket
import struct
import sys

import steps


def read(client):
    # A socket stays open while a file made from it is open, so the file ends at once.
    with client.makefile("rb") as lines:
        steps.run("read", lines.readline)


def reply(client):
    read(client)
    steps.run("send", lambda: client.sendall(b"Hello Client!\n"))
    steps.run("close", client.close)


def close(client):
    read(client)
    steps.run("close", client.close)


def abort(client):
    def reset():
        # Lingering for 0 seconds makes close() throw the connection away: a reset.
        linger = struct.pack("ii", 1, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.close()

    read(client)
    steps.run("abort", reset)


def never_read(client):
    steps.run("wait", sys.stdin.read)
    steps.run("close", client.close)


def never_reply(client):
    read(client)
    steps.run("wait", sys.stdin.read)
    steps.run("close", client.close)


BEHAVIOURS = {
    "reply": reply,
    "close": close,
    "abort": abort,
    "never-read": never_read,
    "never-reply": never_reply,
}


def main():
    try:
        port, behaviour = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        usage = f"Usage: python3 server.py PORT {'|'.join(BEHAVIOURS)}"
        print(usage, file=sys.stderr)
        sys.exit(2)
    if behaviour not in BEHAVIOURS:
        print(f"Unknown behaviour: {behaviour}", file=sys.stderr)
        sys.exit(127)
    try:
        with steps.run("listen", lambda: socket.create_server(("", port))) as listener:
            client, _ = steps.run("accept", listener.accept)
            with client:
                BEHAVIOURS[behaviour](client)
    except OSError as error:
        sys.exit(f"Connection failed: {error}")


if __name__ == "__main__":
    main()
