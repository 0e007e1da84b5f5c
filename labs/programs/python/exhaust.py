"""Uses up what a process has only so much of; the servers share it."""

import errno
import math
import os

CHUNK = 8 * 1024 * 1024


def descriptors():
    """Opens files until the process may not have more; they stay open."""
    try:
        while True:
            os.open("/dev/null", os.O_RDONLY)
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise


def memory(budget=math.inf):
    """Takes as much memory as the budget allows, and frees it when it returns."""
    taken = []
    while (len(taken) + 1) * CHUNK <= budget:
        # Zeros would cost nothing: the system gives a page when it is written to.
        taken.append(b"x" * CHUNK)
