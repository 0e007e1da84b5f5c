"""A client that sends lines, waits for Enter between them, and then reads one, with asyncio.

Usage: python3 asyncio_ask_twice.py HOST PORT [MESSAGE ...]
"""

import asyncio
import sys

import steps


async def send(writer, line):
    writer.write(line)
    await writer.drain()


async def close(writer):
    writer.close()
    await writer.wait_closed()


async def ask(host, port, messages):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    connection = asyncio.open_connection(host, port)
    reader, writer = await steps.wait_for("connect", connection)
    # Flushed, because what comes next may wait for ever.
    print(f"Connected to {host}:{port}.", flush=True)
    for number, message in enumerate(messages):
        if number > 0:
            # asyncio goes on reading from the connection meanwhile.
            await steps.wait_for("pause", asyncio.to_thread(sys.stdin.readline))
        # No BrokenPipeError comes from here: asyncio tells a broken pipe as a reset, and
        # what the server may have left cannot be read any more.
        await steps.wait_for("send", send(writer, f"{message}\n".encode()))
    reply = await steps.wait_for("read", reader.readline())
    await steps.wait_for("close", close(writer))
    return reply


def main():
    try:
        host, port, *messages = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        usage = "Usage: python3 asyncio_ask_twice.py HOST PORT [MESSAGE ...]"
        print(usage, file=sys.stderr)
        sys.exit(2)
    messages = messages or ["Hello Server!", "Are you still there?"]
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = asyncio.run(ask(host, port, messages))
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
