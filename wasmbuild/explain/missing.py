"""What no library here has, and why: what WASI preview 1 lacks, and C++'s standard library. No name that libc.so
exports stands here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.references import Facts, listed
from wasmbuild.wasm.demangle import demangle

_NAMED = 3
"""Symbols in a headline; all that are undefined stand below it when there are more."""

_LISTED = 8
"""Symbols in a list."""

_WIDEST = 90
"""Characters of a C++ name."""


class Lack(Struct, frozen=True):
    """A group of names that are missing for one reason."""

    code: str
    why: str
    help: tuple[str, ...]


def _wasi(why: str, *instead: str) -> Lack:
    """`instead` is what to do beside what always helps."""
    always = (
        "leave out what uses it (by `defines` or `exclude`), define it yourself, "
        "or list it under `imports` if the host supplies it"
    )
    return Lack("not-in-wasi", why, (*instead, always))


_GROUPS: Mapping[Lack, str] = {
    _wasi("WASI preview 1 has no processes"): """
        fork vfork _Fork clone execl execlp execle execv execve execvp execvpe fexecve posix_spawn posix_spawnp wait
        waitpid wait3 wait4 waitid popen pclose daemon getppid getpgid getpgrp setpgid setsid getsid nice getpriority
        setpriority wordexp wordfree ptrace""",
    _wasi("WASI preview 1 delivers no signals", "`signal` and `raise` work, within the process"): """
        kill killpg sigaction sigprocmask sigsuspend sigwait sigwaitinfo sigtimedwait sigpending sigaltstack sigqueue
        siginterrupt sigemptyset sigfillset sigaddset sigdelset sigismember pause alarm ualarm setitimer getitimer
        timer_create timer_settime timer_gettime timer_delete pthread_kill pthread_sigmask""",
    _wasi("a process has one thread here"): "pthread_exit",
    _wasi("WASI preview 1 opens no sockets and resolves no names"): """
        socket socketpair bind connect listen sendto recvfrom sendmsg recvmsg setsockopt getsockname getpeername
        getaddrinfo freeaddrinfo gai_strerror getnameinfo gethostbyname gethostbyaddr gethostbyname_r gethostbyname2
        getservbyname getservbyport getprotobyname getprotobynumber hstrerror herror if_nametoindex if_indextoname
        if_nameindex if_freenameindex sethostname res_init res_query epoll_create epoll_create1 epoll_wait epoll_ctl""",
    _wasi("WASI preview 1 has descriptors of files and sockets alone"): """
        sendfile eventfd inotify_init signalfd timerfd_create""",
    _wasi("WASI preview 1 has no directory for temporary files", "`mkstemp` makes one where its template says"): """
        tmpfile tmpnam tempnam""",
    _wasi("WASI preview 1 has no users, and files have no owners"): """
        getuid geteuid getgid getegid setuid setgid seteuid setegid setreuid setregid setresuid setresgid getgroups
        setgroups initgroups getpwnam getpwuid getpwnam_r getpwuid_r getpwent setpwent endpwent getgrnam getgrgid
        getgrnam_r getgrgid_r getgrent setgrent endgrent cuserid umask chown fchown lchown fchownat""",
    _wasi("WASI preview 1 has regular files and directories only, and no locks on them"): """
        mkfifo mkfifoat mknod mknodat flock lockf mount umount umount2 chroot statfs fstatfs sync fchdir futimes ftw
        """,
    _wasi("WASI preview 1 has no terminals"): """
        tcgetattr tcsetattr tcflush tcflow tcdrain tcsendbreak tcgetpgrp tcsetpgrp cfmakeraw cfgetispeed cfgetospeed
        cfsetispeed cfsetospeed openpty forkpty login_tty posix_openpt grantpt unlockpt ptsname ttyname ttyname_r
        getpass vhangup""",
    _wasi("WebAssembly's memory has no pages to map, lock or share"): """
        mremap madvise msync mlock munlock mlockall munlockall mincore brk shm_open shm_unlink shmget shmat shmdt shmctl
        semget semop semctl msgget msgsnd msgrcv mq_open mq_send mq_receive""",
    _wasi("WASI preview 1 says nothing of the machine and its limits"): """
        getrlimit setrlimit sysinfo getloadavg getauxval syslog openlog closelog reboot prctl sched_setaffinity
        sched_getaffinity sched_setscheduler personality""",
    _wasi("WASI preview 1 sets no clocks and has no time zones"): "settimeofday clock_settime adjtime stime",
    _wasi("a WebAssembly module cannot look at its own stack, nor change it"): """
        backtrace backtrace_symbols backtrace_symbols_fd getcontext setcontext makecontext swapcontext""",
}

_LACKS = {name: lack for lack, names in _GROUPS.items() for name in names.split()}

CXX = Lack(
    "no-cxx-library",
    "C++'s standard library is not among what is linked",
    (
        "a target with C++ sources has it by itself, unless it is `libc: none` or its compiler is older than LLVM 20",
        "a target whose C++ is all ready-made asks for it: `requires: [libcxx]`",
        "without it: `cxxflags: [-fno-exceptions, -fno-rtti, -fno-threadsafe-statics]`, `operator new` of one's own",
    ),
)

OTHER_CXX = Lack(
    "other-cxx-library",
    "compiled against another C++ library: the names of libc++.so are in `std::__1`",
    ("compile it as a source, or with the headers and `_LIBCPP_ABI_…` defines that sources have",),
)

_OTHER_CXX = re.compile(
    r"St(?:3__(?!1)\w|6__ndk1|7__cxx11|4__Cr|13basic_[io]streamI|12basic_stringI)|_ZN?K?S[asiod]\w|_ZSt[34]c(?:out|err|in)"
)
"""What stands between `std` and its classes: Emscripten has `__2`, GCC `__cxx11` or nothing."""

_CXX = re.compile(
    r"__cxa_(?!atexit$|finalize$)|__gxx_|__dynamic_cast$|_Unwind_|"  # the run-time library; these two are libc's
    r"_ZT[VIS](?:N10__cxxabiv1|St|NSt|P?K?[a-z]$)|_ZT[hv].*St|"  # type information that libc++abi has
    r"_ZN?V?K?St|_ZG[VR]N?St|"  # std::
    r"_Zn[wa]|_Zd[la]"  # operator new and delete
)


def lacking(name: str) -> Lack | None:
    """Why a symbol is in no library here; None where nothing is known of it."""
    if name.startswith("_Z") and _OTHER_CXX.search(name):
        return OTHER_CXX
    return _LACKS.get(name) or (CXX if _CXX.match(name) else None)


def missing(lack: Lack, names: Sequence[str], facts: Facts) -> Diagnostic:
    """One finding for all undefined symbols of a group; `facts` says who uses them."""
    shown = [f"`{_short(name)}`" for name in names]
    if lack in (CXX, OTHER_CXX):
        headline, shown_below = lack.why, True
    else:
        headline, shown_below = f"undefined: {listed(shown, shown=_NAMED)}: {lack.why}", len(names) > _NAMED
    below: Facts = (("undefined", listed(shown, "\n", _LISTED)),) if shown_below else ()
    return Diagnostic(lack.code, headline, facts=(*below, *facts), help=lack.help)


def _short(name: str) -> str:
    meaning = demangle(name)
    return meaning if len(meaning) <= _WIDEST else f"{meaning[: _WIDEST - 1]}…"
