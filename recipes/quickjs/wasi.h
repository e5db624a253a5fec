/* What WASI has not, and quickjs-libc.c asks for: it fails, as where the system refuses it. */
#ifndef OURS_WASI_H
#define OURS_WASI_H
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#define WNOHANG 1
#define WIFEXITED(status) ((status) & 0)
#define WIFSIGNALED(status) ((status) & 0)
#define WEXITSTATUS(status) (status)
#define WTERMSIG(status) (status)
#define fork() (errno = ENOSYS, -1)
#define execve(...) (errno = ENOSYS, -1)
#define execvpe(...) (errno = ENOSYS, -1)
#define waitpid(...) (errno = ENOSYS, -1)
#define kill(...) (errno = ENOSYS, -1)
#define setuid(id) ((void)(id), errno = ENOSYS, -1)
#define setgid(id) ((void)(id), errno = ENOSYS, -1)
#define popen(...) (errno = ENOSYS, (FILE *)0)
#define tmpfile() (errno = ENOSYS, (FILE *)0)
#define pclose(file) ((void)(file), errno = ENOSYS, -1)

/* A terminal stays as it is. */
struct winsize { unsigned short ws_row, ws_col; };
struct termios { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_cc[2]; };
enum { IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL, IXON, OPOST, ECHO, ECHONL, ICANON, IEXTEN, CSIZE, PARENB, CS8 };
enum { VMIN, VTIME, TCSANOW, TIOCGWINSZ = 0x5413 };
#define tcgetattr(fd, tty) ((void)(fd), errno = ENOTTY, -1)
#define tcsetattr(fd, how, tty) ((void)(fd), errno = ENOTTY, -1)
#endif
