# A program that tries what programs on hosts must not be able to do, and says what came of each attempt:
# NAME, a tabulator, and `done` or the errno. It needs no module that Debian's python3-minimal lacks.
import errno
import os
import socket
import sys

report = open(os.environ["LAB_STEPS"], "ab", 0)


def say(name, *words):
    report.write(("\t".join([name, *words]) + "\n").encode())


def attempt(name, act):
    try:
        say(name, "done", str(act() or ""))
    except OSError as error:
        say(name, errno.errorcode.get(error.errno, "timeout"))


def write(path):
    with open(path, "w") as file:
        file.write("0")


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as end:
        end.settimeout(2)
        end.connect(address)


def reach(address):
    host, port = address.rsplit("|", 1)
    connect(socket.AF_INET6 if ":" in host else socket.AF_INET, (host, int(port)))


def unix(path):
    # In a shell's words an abstract name cannot begin with its null byte.
    connect(socket.AF_UNIX, "\0" + path[1:] if path.startswith("@") else path)


def own_unix(address):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(address)
        listener.listen()
        connect(socket.AF_UNIX, address)


def kill_child():
    child = os.fork()
    if child == 0:
        while True:
            os.read(0, 1)
    os.kill(child, 9)
    os.waitpid(child, 0)


def processes():
    names = [name for name in os.listdir("/proc") if name.isdigit()]
    return " ".join(sorted(open(f"/proc/{name}/comm").read().strip() for name in names))


def command(words):
    if os.spawnvp(os.P_WAIT, words[0], words) != 0:
        raise OSError(errno.EPERM, words[0])


with open("/proc/self/status") as status:
    for line in status:
        key, value = line.split(":", 1)
        say(key, *value.split())
own = os.environ.get("TMPDIR", "")
say("folder", own)
attempt("processes", processes)
attempt("write .", lambda: write("attempt"))
attempt("write own", lambda: write(own + "/attempt"))
attempt("see own descriptors", lambda: os.readlink("/proc/self/fd/3"))
attempt("see the agent's descriptors", lambda: os.readlink("/proc/1/fd/1"))
attempt("write to the agent's output", lambda: write("/proc/1/fd/1"))
attempt("read the agent's memory", lambda: open("/proc/1/mem", "rb").close())
attempt("kill a child", kill_child)
attempt("unix own", lambda: own_unix("\0own"))
attempt("set a user", lambda: os.setuid(0))
attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 6).close())
attempt("mount", lambda: command(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]))
attempt("make writable", lambda: command(["mount", "-o", "remount,bind,rw", "/"]))
attempt("make writable as another root", lambda: command(
    ["unshare", "--user", "--map-root-user", "--mount", "mount", "-o", "remount,bind,rw", "/"]))
attempt("be root of a namespace", lambda: command(["unshare", "--user", "--map-root-user", "true"]))
for word in sys.argv[1:]:
    verb, _, rest = word.partition(" ")
    attempt(word, lambda: {"write": write, "reach": reach, "unix": unix}[verb](rest))
attempt("kill the agent", lambda: os.kill(1, 9))
say("end")
