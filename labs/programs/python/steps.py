"""Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.

run(step, operation) runs the operation and returns what it returned, or lets through
what it raised; wait_for(step, awaitable) does so for what asyncio awaits. The lines are
described in docs/programs.md.
"""

import errno
import os
import sys
import time

# Unbuffered: each line is one write, also to a pipe.
_report = open(path, "ab", 0) if (path := os.environ.get("LAB_STEPS")) else None
_escapes = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _say(*fields):
    if _report:
        words = (str(time.time_ns() // 1000), *(f.translate(_escapes) for f in fields))
        _report.write("\t".join(words).encode(errors="replace") + b"\n")


def _type_of(error):
    kind = type(error)
    known = kind.__module__ == "builtins"
    return kind.__qualname__ if known else f"{kind.__module__}.{kind.__qualname__}"


def _errno_of(error):
    # Modules (ssl, socket) give their errors numbers of their own, which are no errnos.
    is_system = isinstance(error, OSError) and type(error).__module__ == "builtins"
    return errno.errorcode.get(error.errno, "-") if is_system else "-"


def _end(step, result):
    # At the end of file readline() returns nothing, not even a line feed.
    _say(step, "eof" if step in ("read", "validate") and not result else "ok")
    return result


def _fail(step, error):
    _say(step, "error", _type_of(error), _errno_of(error), str(error))


def run(step, operation):
    _say(step, "begin")
    try:
        result = operation()
    except Exception as error:
        _fail(step, error)
        raise
    return _end(step, result)


async def wait_for(step, awaitable):
    _say(step, "begin")
    try:
        result = await awaitable
    except Exception as error:
        _fail(step, error)
        raise
    return _end(step, result)


_say("runtime", "ok", sys.version.split()[0])
