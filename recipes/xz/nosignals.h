/* For the program xz: WASI delivers no signals and knows no users. What would handle signals is set up for nothing, and
   what would give a file its owner or mode leaves it as it is. */
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

struct sigaction {
    void (*sa_handler)(int);
    sigset_t sa_mask;
    int sa_flags;
};

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define sigemptyset(set) ((void)memset(set, 0, sizeof(sigset_t)))
#define sigfillset(set) ((void)(set))
#define sigaddset(set, number) ((void)(set))
#define alarm(seconds) ((void)(seconds))
#define mythread_sigmask(how, set, old) ((void)0)
#define geteuid() 1
#define fchmod(file, mode) ((void)(file), (void)(mode), 0)
#define fchown(file, user, group) ((void)(file), (void)(user), (void)(group), 0)

static inline int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    if (old != NULL)
        memset(old, 0, sizeof *old);
    return 0;
}
