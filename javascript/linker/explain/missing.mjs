/** What no library here has, and why: what WASI preview 1 lacks, and C++'s standard library. */

import { diagnostic } from "../diagnostics.mjs";
import { listed, short } from "./references.mjs";

/** @import { Facts } from "../diagnostics.mjs" */

/** Symbols in a headline; all that are undefined stand below it when there are more. */
const NAMED = 3;

/** Symbols in a list. */
const LISTED = 8;

/**
 * A group of names that are missing for one reason.
 * @typedef {{code: string, why: string, help: string[]}} Lack
 */

/**
 * `instead` is what to do beside what always helps.
 * @param {string} why
 * @param {string} names
 * @param {string[]} instead
 * @returns {[string, Lack][]}
 */
function wasi(why, names, ...instead) {
  const always =
    "leave out what uses it (by `defines` or `exclude`), define it yourself, " +
    "or list it under `imports` if the host supplies it";
  const lack = { code: "not-in-wasi", why, help: [...instead, always] };
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, lack]);
}

const LACKS = new Map([
  ...wasi(
    "WASI preview 1 has no processes",
    `fork vfork _Fork clone execl execlp execle execv execve execvp execvpe fexecve posix_spawn posix_spawnp wait
      waitpid wait3 wait4 waitid popen pclose daemon getppid getpgid getpgrp setpgid setsid getsid nice getpriority
      setpriority wordexp wordfree ptrace`,
  ),
  ...wasi(
    "WASI preview 1 delivers no signals",
    `kill killpg sigaction sigprocmask sigsuspend sigwait sigwaitinfo sigtimedwait sigpending sigaltstack sigqueue
      siginterrupt sigemptyset sigfillset sigaddset sigdelset sigismember pause alarm ualarm setitimer getitimer
      timer_create timer_settime timer_gettime timer_delete pthread_kill pthread_sigmask`,
    "`signal` and `raise` work, within the process",
  ),
  ...wasi("a process has one thread here", "pthread_exit"),
  ...wasi(
    "WASI preview 1 opens no sockets and resolves no names",
    `socket socketpair bind connect listen sendto recvfrom sendmsg recvmsg setsockopt getsockname getpeername
      getaddrinfo freeaddrinfo gai_strerror getnameinfo gethostbyname gethostbyaddr gethostbyname_r gethostbyname2
      getservbyname getservbyport getprotobyname getprotobynumber hstrerror herror if_nametoindex if_indextoname
      if_nameindex if_freenameindex sethostname res_init res_query epoll_create epoll_create1 epoll_wait epoll_ctl`,
  ),
  ...wasi(
    "WASI preview 1 has descriptors of files and sockets alone",
    "sendfile eventfd inotify_init signalfd timerfd_create",
  ),
  ...wasi(
    "WASI preview 1 has no directory for temporary files",
    "tmpfile tmpnam tempnam",
    "`mkstemp` makes one where its template says",
  ),
  ...wasi(
    "WASI preview 1 has no users, and files have no owners",
    `getuid geteuid getgid getegid setuid setgid seteuid setegid setreuid setregid setresuid setresgid getgroups
      setgroups initgroups getpwnam getpwuid getpwnam_r getpwuid_r getpwent setpwent endpwent getgrnam getgrgid
      getgrnam_r getgrgid_r getgrent setgrent endgrent cuserid umask chown fchown lchown fchownat`,
  ),
  ...wasi(
    "WASI preview 1 has regular files and directories only, and no locks on them",
    "mkfifo mkfifoat mknod mknodat flock lockf mount umount umount2 chroot statfs fstatfs sync fchdir futimes ftw",
  ),
  ...wasi(
    "WASI preview 1 has no terminals",
    `tcgetattr tcsetattr tcflush tcflow tcdrain tcsendbreak tcgetpgrp tcsetpgrp cfmakeraw cfgetispeed cfgetospeed
      cfsetispeed cfsetospeed openpty forkpty login_tty posix_openpt grantpt unlockpt ptsname ttyname ttyname_r getpass
      vhangup`,
  ),
  ...wasi(
    "WebAssembly's memory has no pages to map, lock or share",
    `mremap madvise msync mlock munlock mlockall munlockall mincore brk shm_open shm_unlink shmget shmat shmdt shmctl
      semget semop semctl msgget msgsnd msgrcv mq_open mq_send mq_receive`,
  ),
  ...wasi(
    "WASI preview 1 says nothing of the machine and its limits",
    `getrlimit setrlimit sysinfo getloadavg getauxval syslog openlog closelog reboot prctl sched_setaffinity
      sched_getaffinity sched_setscheduler personality`,
  ),
  ...wasi("WASI preview 1 sets no clocks and has no time zones", "settimeofday clock_settime adjtime stime"),
  ...wasi(
    "a WebAssembly module cannot look at its own stack, nor change it",
    "backtrace backtrace_symbols backtrace_symbols_fd getcontext setcontext makecontext swapcontext",
  ),
]);

/** @type {Lack} */
const CXX = {
  code: "no-cxx-library",
  why: "C++'s standard library is not among what is linked",
  help: [
    "a target with C++ sources has it by itself, unless it is `libc: none` or its compiler is older than LLVM 20",
    "a target whose C++ is all ready-made asks for it: `requires: [libcxx]`",
    "without it: `cxxflags: [-fno-exceptions, -fno-rtti, -fno-threadsafe-statics]`, `operator new` of one's own",
  ],
};

/** @type {Lack} */
const OTHER_CXX = {
  code: "other-cxx-library",
  why: "compiled against another C++ library: the names of libc++.so are in `std::__1`",
  help: ["compile it as a source, or with the headers and `_LIBCPP_ABI_…` defines that sources have"],
};

const OF_OTHER_CXX =
  /^_Z.*St(?:3__(?!1)\w|6__ndk1|7__cxx11|4__Cr|13basic_[io]streamI|12basic_stringI)|^_ZN?K?S[asiod]\w|^_ZSt[34]c(?:out|err|in)/s;

const OF_CXX = new RegExp(
  [
    "^(?:__cxa_(?!atexit$|finalize$)|__gxx_|__dynamic_cast$|_Unwind_", // the run-time library; these two are libc's
    "_ZT[VIS](?:N10__cxxabiv1|St|NSt|P?K?[a-z]$)|_ZT[hv].*St", // type information that libc++abi has
    "_ZN?V?K?St|_ZG[VR]N?St", // std::
    "_Zn[wa]|_Zd[la])", // operator new and delete
  ].join("|"),
);

/**
 * Why a symbol is in no library here; undefined where nothing is known of it.
 * @param {string} name
 */
export function lacking(name) {
  if (OF_OTHER_CXX.test(name)) return OTHER_CXX;
  return LACKS.get(name) ?? (OF_CXX.test(name) ? CXX : undefined);
}

/**
 * One finding for all undefined symbols of a group; `facts` says who uses them.
 * @param {Lack} lack
 * @param {string[]} names
 * @param {Facts} facts
 */
export function missing(lack, names, facts) {
  const shown = names.map((name) => `\`${short(name)}\``);
  const whole = lack === CXX || lack === OTHER_CXX;
  const headline = whole ? lack.why : `undefined: ${listed(shown, ", ", NAMED)}: ${lack.why}`;
  /** @type {Facts} */
  const below = whole || names.length > NAMED ? [["undefined", listed(shown, "\n", LISTED)]] : [];
  return diagnostic(lack.code, headline, { facts: [...below, ...facts], help: lack.help });
}
