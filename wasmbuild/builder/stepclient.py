"""What ninja starts for a step of our own: it hands the step to the process that waits for them (`stepserver.py`), with
its own files, directory and environment, and ends as the step did. Where there is none, it becomes the step.

Run by its path with `-I -S`, it imports nothing: Python alone starts in a sixth of the time that a step's imports take.
"""

import os
import sys

SOCKET = "WASMBUILD_STEPS"
"""The variable that says where the process waits."""


def request(module: str, arguments: list[str]) -> bytes:
    """Four fields of a length each: directory, module, arguments, environment, the last two with a NUL behind each
    entry."""
    ended = [b"".join(os.fsencode(each) + b"\0" for each in arguments)]
    ended.append(b"".join(name + b"=" + value + b"\0" for name, value in os.environb.items()))
    fields = (os.fsencode(os.getcwd()), module.encode(), *ended)
    return b"".join(len(field).to_bytes(8, "big") + field for field in fields)


def hand_over(place: str, module: str, arguments: list[str]) -> int | None:
    """The step's exit status; None where nobody took it, or whoever did ended before it was done."""
    import _socket  # `socket` makes enums of all numbers, which takes longer than the rest of this

    try:
        with_ = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        with_.connect(place)
        files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
        with_.sendmsg([b"\0"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
        with_.sendall(request(module, arguments))
        with_.shutdown(_socket.SHUT_WR)
        status = with_.recv(1)
    except OSError:
        return None
    return status[0] if status else None


def main(module: str, arguments: list[str]) -> None:
    place = os.environ.get(SOCKET)
    status = hand_over(place, module, arguments) if place else None
    if status is not None:
        os._exit(status)
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
