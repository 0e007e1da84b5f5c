"""A server that knows its limits, and says so where another one would fail.

Usage: python3 server_limits.py PORT reserve|shed
"""

import os
import sys

import exhaust
import listening
import steps

BUSY = b"Busy, try again later.\n"
BUDGET = 64 * 1024 * 1024


def read(client):
    # A socket stays open while a file made from it is open, so the file ends at once.
    with client.makefile("rb") as lines:
        steps.run("read", lines.readline)


def send(client):
    steps.run("send", lambda: client.sendall(BUSY))
    steps.run("close", client.close)


def reserve(listener):
    # Given back when nothing else is left, so that a client can still be told.
    spare = os.open("/dev/null", os.O_RDONLY)
    steps.run("leak", exhaust.descriptors)
    os.close(spare)
    client, _ = steps.run("accept", listener.accept)
    with client:
        read(client)
        send(client)


def shed(listener):
    client, _ = steps.run("accept", listener.accept)
    with client:
        read(client)
        steps.run("pause", sys.stdin.readline)
        # The work would need more: it is given up, not the server.
        steps.run("grow", lambda: exhaust.memory(BUDGET))
        send(client)


BEHAVIOURS = {"reserve": reserve, "shed": shed}


def main():
    try:
        port, behaviour = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536 or behaviour not in BEHAVIOURS:
            raise ValueError
    except ValueError:
        usage = f"Usage: python3 server_limits.py PORT {'|'.join(BEHAVIOURS)}"
        print(usage, file=sys.stderr)
        sys.exit(2)
    try:
        with steps.run("listen", lambda: listening.on(port)) as listener:
            BEHAVIOURS[behaviour](listener)
    except OSError as error:
        sys.exit(f"Connection failed: {error}")


if __name__ == "__main__":
    main()
