/* Loaded into every process below `wasmbuild exec` (LD_PRELOAD, Linux). Where one of them is to become a program that is
 * a WebAssembly module, it becomes the file in WASMBUILD_RUN with that program as its argument: so tests and scripts of a
 * project start what was built as they start any program, by its path.
 *
 * Compiled without any header, since a machine need not have those of its C library. */

typedef unsigned long size_t;

extern char **environ;
void *dlsym(void *, const char *);
char *getenv(const char *);
int open(const char *, int, ...);
long read(int, void *, size_t);
int close(int);
int access(const char *, int);
size_t strlen(const char *);
int strncmp(const char *, const char *, size_t);
char *strchr(const char *, int);
void *memcpy(void *, const void *, size_t);
void *malloc(size_t);

#define NEXT ((void *)-1L) /* RTLD_NEXT */
#define O_CLOEXEC 02000000
#define X_OK 1
#define PATH_MAX 4096
#define LIBRARIES "LD_LIBRARY_PATH="
#define OURS "WASMBUILD_LIBRARY_PATH="

/* malloc is not for the child of a process with threads; what is asked for here is little, and it becomes another soon. */

static int is_module(const char *path) {
    char magic[4];
    int file = open(path, O_CLOEXEC);
    if (file < 0)
        return 0;
    long got = read(file, magic, sizeof magic);
    close(file);
    return got == 4 && magic[0] == 0 && magic[1] == 'a' && magic[2] == 's' && magic[3] == 'm';
}

/* `run PROGRAM ARGUMENT…`, as a process of our own. */
static char **with_runner(char *run, const char *path, char *const *arguments) {
    size_t count = 0;
    while (arguments && arguments[count])
        count++;
    char **found = (char **)malloc((count + 3) * sizeof *found);
    if (!found)
        return 0;
    found[0] = run;
    found[1] = (char *)path;
    size_t to = 2;
    for (size_t from = 1; from < count; from++)
        found[to++] = arguments[from];
    found[to] = 0;
    return found;
}

/* LD_LIBRARY_PATH names directories of modules here, which the machine's own loader would stumble over. */
static char **without_libraries(char *const *environment) {
    size_t count = 0;
    while (environment && environment[count])
        count++;
    char **found = (char **)malloc((count + 1) * sizeof *found);
    if (!found)
        return 0;
    for (size_t i = 0; i < count; i++) {
        found[i] = environment[i];
        if (!strncmp(environment[i], LIBRARIES, sizeof LIBRARIES - 1)) {
            const char *value = environment[i] + sizeof LIBRARIES - 1;
            char *text = malloc(sizeof OURS + strlen(value));
            if (!text)
                return 0;
            memcpy(text, OURS, sizeof OURS - 1);
            memcpy(text + sizeof OURS - 1, value, strlen(value) + 1);
            found[i] = text;
        }
    }
    found[count] = 0;
    return found;
}

/* The file that execvp would take. */
static const char *in_path(const char *name, char *place) {
    const char *path = getenv("PATH");
    if (strchr(name, '/') || !path)
        return name;
    size_t length = strlen(name);
    for (;;) {
        const char *end = strchr(path, ':');
        size_t directory = end ? (size_t)(end - path) : strlen(path);
        if (directory && directory + length + 2 < PATH_MAX) {
            memcpy(place, path, directory);
            place[directory] = '/';
            memcpy(place + directory + 1, name, length + 1);
            if (!access(place, X_OK))
                return place;
        }
        if (!end)
            return name;
        path = end + 1;
    }
}

typedef int execve_t(const char *, char *const *, char *const *);
typedef int spawn_t(int *, const char *, const void *, const void *, char *const *, char *const *);

static int become(const char *name, const char *path, char *const *arguments, char *const *environment,
                  const char *otherwise) {
    char *run = getenv("WASMBUILD_RUN");
    if (run && is_module(path)) {
        char **changed = with_runner(run, path, arguments), **cleaned = without_libraries(environment);
        execve_t *execve_next = (execve_t *)dlsym(NEXT, "execve");
        if (changed && cleaned)
            return execve_next(run, changed, cleaned);
    }
    return ((execve_t *)dlsym(NEXT, otherwise))(name, arguments, environment);
}

int execve(const char *path, char *const *arguments, char *const *environment) {
    return become(path, path, arguments, environment, "execve");
}

int execv(const char *path, char *const *arguments) { return execve(path, arguments, environ); }

int execvpe(const char *name, char *const *arguments, char *const *environment) {
    char place[PATH_MAX];
    return become(name, in_path(name, place), arguments, environment, "execvpe");
}

int execvp(const char *name, char *const *arguments) { return execvpe(name, arguments, environ); }

static int spawn(int *process, const char *name, const char *path, const void *actions, const void *attributes,
                 char *const *arguments, char *const *environment, const char *otherwise) {
    char *run = getenv("WASMBUILD_RUN");
    if (run && is_module(path)) {
        char **changed = with_runner(run, path, arguments), **cleaned = without_libraries(environment);
        spawn_t *spawn_next = (spawn_t *)dlsym(NEXT, "posix_spawn");
        if (changed && cleaned)
            return spawn_next(process, run, actions, attributes, changed, cleaned);
    }
    return ((spawn_t *)dlsym(NEXT, otherwise))(process, name, actions, attributes, arguments, environment);
}

int posix_spawn(int *process, const char *path, const void *actions, const void *attributes, char *const *arguments,
                char *const *environment) {
    return spawn(process, path, path, actions, attributes, arguments, environment, "posix_spawn");
}

int posix_spawnp(int *process, const char *name, const void *actions, const void *attributes, char *const *arguments,
                 char *const *environment) {
    char place[PATH_MAX];
    const char *path = in_path(name, place);
    return spawn(process, name, path, actions, attributes, arguments, environment, "posix_spawnp");
}
