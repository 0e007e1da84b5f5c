"""A server that accepts one connection and then behaves as it is told, with asyncio.

Usage: python3 asyncio_server.py PORT BEHAVIOUR
"""

import asyncio
import contextlib
import os
import socket
import ssl
import struct
import sys

import exhaust
import steps


async def listen(port):
    """Returns the listener, and a queue of the connections that it accepts by itself."""
    connections = asyncio.Queue()

    def enqueue(reader, writer):
        # asyncio reads unasked; paused, it leaves the request in the receive queue.
        writer.transport.pause_reading()
        connections.put_nowait((reader, writer))

    return await asyncio.start_server(enqueue, port=port), connections


async def read(reader, writer):
    writer.transport.resume_reading()
    return await steps.wait_for("read", reader.readline())


async def reply(_, writer):
    await steps.wait_for("send", write(writer, b"Hello Client!\n"))


async def write(writer, line):
    writer.write(line)
    await writer.drain()


async def close(_, writer):
    await steps.wait_for("close", closed(writer))


async def closed(writer):
    writer.close()
    # If the connection has failed, this raises its error once more.
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def abort(_, writer):
    async def reset():
        # Lingering for 0 seconds makes the close a reset. That of transport.abort() is
        # none: it only throws away what asyncio has not sent yet.
        linger = struct.pack("ii", 1, 0)
        client = writer.get_extra_info("socket")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        await closed(writer)

    await steps.wait_for("abort", reset())


async def wait(*_):
    # In a thread, so that asyncio goes on meanwhile.
    await steps.wait_for("wait", asyncio.to_thread(sys.stdin.read))


async def pause(*_):
    await steps.wait_for("pause", asyncio.to_thread(sys.stdin.readline))


async def open_files(*_):
    steps.run("leak", exhaust.descriptors)


async def grow(*_):
    steps.run("grow", exhaust.memory)


async def end(*_):
    """Ends without closing anything: the system does that."""
    os._exit(0)


async def answer_heartbeats(reader, writer):
    async def eight_heartbeats():
        beats = 0
        while beats < 8 and (line := await reader.readline()):
            if line == b"Heartbeat\n":
                await write(writer, line)
                beats += 1
        return beats == 8

    await read(reader, writer)
    if await steps.wait_for("read", eight_heartbeats()):
        await reply(reader, writer)
        await steps.wait_for("read", end_of_file(reader))


async def end_of_file(reader):
    while await reader.readline():
        pass


async def fail_handshake(_, writer):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        await steps.wait_for("handshake", writer.start_tls(context))
    except OSError:
        # asyncio has closed it. After a reset wait_closed() would wait for ever.
        steps.run("close", writer.close)


async def serve(connections):
    while True:
        reader, writer = await steps.wait_for("accept", connections.get())
        try:
            while await read(reader, writer):
                await reply(reader, writer)
        except OSError:
            pass  # The next client is served all the same.
        await close(reader, writer)


async def leak(connections):
    await open_files()
    # It does not end: asyncio only says on standard error, hundreds of times, why it cannot
    # accept, and tries again each second.
    accepting = asyncio.create_task(steps.wait_for("accept", connections.get()))
    input_end = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([accepting, input_end], return_when=asyncio.FIRST_COMPLETED)
    await end()


# What is done with the connection, in order.
BEHAVIOURS = {
    "reply": (read, reply, close),
    "close": (read, close),
    "abort": (read, abort),
    "never-read": (wait, close),
    "never-reply": (read, wait, close),
    "late-reply": (read, wait, reply, close),
    "early-reply": (reply, wait, close),
    "slow-reply": (answer_heartbeats, close),
    "accept-leak": (read, open_files, wait, end),
    "grow": (pause, grow),
    "read-grow": (read, pause, grow),
    "tls": (fail_handshake,),
}
# These accept by themselves.
LISTENERS = {"serve": serve, "leak": leak}


async def run(port, behaviour):
    listener, connections = await steps.wait_for("listen", listen(port))
    if behaviour in LISTENERS:
        await LISTENERS[behaviour](connections)
    else:
        client = await steps.wait_for("accept", connections.get())
        # It would go on to accept connections unasked.
        listener.close()
        for act in BEHAVIOURS[behaviour]:
            await act(*client)


def main():
    names = [*BEHAVIOURS, *LISTENERS]
    try:
        port, behaviour = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        usage = f"Usage: python3 asyncio_server.py PORT {'|'.join(names)}"
        print(usage, file=sys.stderr)
        sys.exit(2)
    if behaviour not in names:
        print(f"Unknown behaviour: {behaviour}", file=sys.stderr)
        sys.exit(127)
    try:
        asyncio.run(run(port, behaviour))
    except OSError as error:
        sys.exit(f"Connection failed: {error}")


if __name__ == "__main__":
    main()
