"""A server that accepts one connection and then behaves as it is told.

Usage: python3 server.py PORT BEHAVIOUR
"""

import os
import socket
import ssl
import struct
import sys

import exhaust
import listening
import steps


def read(client):
    # A socket stays open while a file made from it is open, so the file ends at once.
    with client.makefile("rb") as lines:
        steps.run("read", lines.readline)


def send(client):
    steps.run("send", lambda: client.sendall(b"Hello Client!\n"))


def close(client):
    steps.run("close", client.close)


def abort(client):
    def reset():
        # Lingering for 0 seconds makes close() throw the connection away: a reset.
        linger = struct.pack("ii", 1, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.close()

    steps.run("abort", reset)


def wait(_):
    steps.run("wait", sys.stdin.read)


def pause(_):
    steps.run("pause", sys.stdin.readline)


def open_files(_):
    steps.run("leak", exhaust.descriptors)


def grow(_):
    steps.run("grow", exhaust.memory)


def end(_):
    """Ends without closing anything: the system does that."""
    os._exit(0)


def answer_heartbeats(client):
    def eight_heartbeats():
        beats = 0
        while beats < 8 and (line := lines.readline()):
            if line == b"Heartbeat\n":
                client.sendall(line)
                beats += 1
        return beats == 8

    def end_of_file():
        while lines.readline():
            pass

    with client.makefile("rb") as lines:
        steps.run("read", lines.readline)
        if steps.run("read", eight_heartbeats):
            send(client)
            steps.run("read", end_of_file)


def fail_handshake(client):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    options = {"server_side": True, "do_handshake_on_connect": False}
    with context.wrap_socket(client, **options) as secured:
        try:
            steps.run("handshake", secured.do_handshake)
        except OSError:
            close(secured)


def serve(listener):
    while True:
        client, _ = steps.run("accept", listener.accept)
        try:
            with client.makefile("rb") as lines:
                while steps.run("read", lines.readline):
                    send(client)
        except OSError:
            pass  # The next client is served all the same.
        close(client)


def leak(listener):
    open_files(listener)
    try:
        steps.run("accept", listener.accept)
    except OSError:
        wait(listener)
    end(listener)


# What is done with the connection, in order.
BEHAVIOURS = {
    "reply": (read, send, close),
    "close": (read, close),
    "abort": (read, abort),
    "never-read": (wait, close),
    "never-reply": (read, wait, close),
    "late-reply": (read, wait, send, close),
    "early-reply": (send, wait, close),
    "slow-reply": (answer_heartbeats, close),
    "accept-leak": (read, open_files, wait, end),
    "grow": (pause, grow),
    "read-grow": (read, pause, grow),
    "tls": (fail_handshake,),
}
# These accept by themselves.
LISTENERS = {"serve": serve, "leak": leak}


def main():
    names = [*BEHAVIOURS, *LISTENERS]
    try:
        port, behaviour = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print(f"Usage: python3 server.py PORT {'|'.join(names)}", file=sys.stderr)
        sys.exit(2)
    if behaviour not in names:
        print(f"Unknown behaviour: {behaviour}", file=sys.stderr)
        sys.exit(127)
    try:
        with steps.run("listen", lambda: listening.on(port)) as listener:
            if behaviour in LISTENERS:
                LISTENERS[behaviour](listener)
            else:
                client, _ = steps.run("accept", listener.accept)
                with client:
                    for act in BEHAVIOURS[behaviour]:
                        act(client)
    except OSError as error:
        sys.exit(f"Connection failed: {error}")


if __name__ == "__main__":
    main()
