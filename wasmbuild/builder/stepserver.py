"""The process that waits for the steps of one run of ninja, with all that they import, and forks for each.

A step decides what a link has and writes it; its imports alone take longer than that, and a build of two hundred
libraries has four hundred. It lives as long as the run: it ends when nobody has the other end of its pipe, who started
it and ninja, and so it never knows of an older version of our own files than the build does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from wasmbuild.builder.stepclient import SOCKET
from wasmbuild.starting import import_msgspec

TYPE_CHECKING = False  # see runninja
if TYPE_CHECKING:
    import socket

STEPS = tuple(f"wasmbuild.builder.{name}" for name in ("steps", "linkstep", "interface", "checkstep"))
"""What most steps of a build import."""

_NAME = "s"
"""Of the socket, in a directory of its own."""


@contextlib.contextmanager
def serving(keep: tuple[int, ...] = ()) -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
    """While the block runs, steps are taken over. Gives the variables that tell them so, and descriptors that whoever
    runs them is to inherit, so that the process lives as long. `keep` are descriptors, of locks, that steps hold."""
    started = _start(STEPS, keep)
    if started is None:
        yield {}, ()
        return
    process, place, alive = started
    try:
        yield {SOCKET: place}, (alive,)
    finally:
        os.close(alive)
        process.kill()  # it may still be importing
        process.wait()
        _remove(os.path.dirname(place))


def serve_while_open(imported: tuple[str, ...]) -> dict[str, str]:
    """The same for whatever this process becomes or starts, as long as one of them lives: the variables that tell it.
    The process that waits is nobody's child, so that who waits for children of its own does not meet it."""
    started = _start((*STEPS, *imported), (), "detached")
    if started is None:
        return {}
    process, place, alive = started
    process.wait()
    os.set_inheritable(alive, True)
    return {SOCKET: place}


def _start(
    imported: tuple[str, ...], keep: tuple[int, ...], how: str = "child"
) -> tuple[subprocess.Popen[bytes], str, int] | None:
    """The process, where it waits, and the other end of its pipe. None where processes do not fork, or sockets have no
    room for the path of a temporary directory."""
    if not hasattr(os, "fork"):
        return None
    import _socket

    # As tempfile.mkdtemp makes it, which takes six milliseconds to import.
    directory = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"wasmbuild-steps-{os.urandom(8).hex()}")
    try:
        os.mkdir(directory, 0o700)
    except OSError:
        return None
    place = os.path.join(directory, _NAME)
    # It is bound here, and so there before anybody asks; who asks early waits until it is taken.
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        listener.bind(place)
    except OSError:
        listener.close()
        _remove(directory)
        return None
    listener.listen(128)
    ours, others = os.pipe()
    command = (sys.executable, "-P", "-m", __name__, str(listener.fileno()), directory, how, *imported)
    inherited = (listener.fileno(), *keep)
    # In a group of its own: an interrupt is for ninja, whose steps' clients end, and then their steps. It has nothing
    # to say: what goes wrong in it, the client does itself.
    process = subprocess.Popen(
        command, stdin=ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=inherited, process_group=0
    )
    os.close(ours)
    listener.close()
    return process, place, others


def main(listening: str, directory: str, how: str, *imported: str) -> None:
    if how == "detached" and os.fork():
        os._exit(0)
    try:
        serve(int(listening), imported)
    finally:
        _remove(directory)


def _remove(directory: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(os.path.join(directory, _NAME))
    with contextlib.suppress(OSError):
        os.rmdir(directory)


def serve(listening: int, imported: tuple[str, ...]) -> None:
    """Take steps until standard input ends."""
    import select
    import socket

    listener = socket.socket(fileno=listening)
    import_msgspec()
    for name in imported:
        importlib.import_module(name)
    gc.freeze()  # what is here now is everybody's: a step's collector need not look at it, nor copy its pages
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a step's process ended: it told its client
    while True:
        ready, _, _ = select.select([listening, 0], [], [])
        if 0 in ready:
            return
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(_take(connection))
        connection.close()


def _take(connection: socket.socket) -> int:
    """One step, in a process of its own, which may become another program; this one tells the client how it ended."""
    import socket

    _, files, _, _ = socket.recv_fds(connection, 1, 3)
    request = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    directory, module, arguments, environment = _fields(request)
    if len(files) != 3:
        return 1
    running, held = os.pipe()
    os.set_inheritable(held, True)  # whatever the step becomes holds it, until it ends
    pid = os.fork()
    if pid:
        os.close(held)
        if not _outlived(connection, running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)
        _, ended = os.waitpid(pid, 0)
        status = os.waitstatus_to_exitcode(ended)
        connection.sendall(bytes([status if status >= 0 else 128 - status]))
        return 0
    os.setpgid(0, 0)
    for target, source in enumerate(files):
        os.dup2(source, target)
        os.close(source)
    os.chdir(directory)
    os.environb.clear()
    for entry in environment.split(b"\0")[:-1]:
        name, _, value = entry.partition(b"=")
        os.environb[name] = value
    return _run(module.decode(), [os.fsdecode(each) for each in arguments.split(b"\0")[:-1]])


def _outlived(connection: socket.socket, running: int) -> bool:
    """Wait until nobody holds the other end of a pipe; False where the client ends before that."""
    import select

    poll = select.poll()
    poll.register(running, 0)
    poll.register(connection, 0)  # that the other side is closed is told in any case
    return running in (number for number, _ in poll.poll())


def _fields(data: bytes) -> Iterator[bytes]:
    while data:
        size = int.from_bytes(data[:8], "big")
        yield data[8 : 8 + size]
        data = data[8 + size :]


def _run(module: str, arguments: list[str]) -> int:
    """As `python -m` would."""
    try:
        status = importlib.import_module(module).main(arguments)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # whoever read it is gone
            status = status or 1
    return int(status) & 0xFF


if __name__ == "__main__":
    main(*sys.argv[1:])
