#define _GNU_SOURCE
#include <arpa/inet.h>
#include <crypt.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

extern char **environ;
static int got;
static void handler(int number) { got = number; }

static void signals(void) {
    CHECK(signal(SIGUSR1, handler) == SIG_DFL && raise(SIGUSR1) == 0 && got == SIGUSR1);
    CHECK(signal(SIGUSR1, SIG_IGN) == handler && raise(SIGUSR1) == 0 && raise(SIGCHLD) == 0);
    CHECK(strcmp(strsignal(SIGSEGV), "Segmentation fault") == 0 && strsignal(999) != NULL);
}

static void maps(void) {
    int file = open("map", O_RDWR | O_CREAT, 0600);
    write(file, "mapped", 6);
    char *map = mmap(NULL, 6, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    CHECK(map != MAP_FAILED && memcmp(map, "mapped", 6) == 0 && munmap(map, 6) == 0);
    CHECK((map = mmap(NULL, 3, PROT_READ, MAP_SHARED, file, 0)) != MAP_FAILED && memcmp(map, "map", 3) == 0 && munmap(map, 3) == 0);
    map = mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int zero = map != MAP_FAILED;
    for (int i = 0; zero && i < 100000; i++)
        zero = map[i] == 0;
    CHECK(zero && munmap(map, 5) == -1 && errno == EINVAL && munmap(map, 100000) == 0);
    CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, 10, PROT_READ, MAP_PRIVATE, 1000, 0) == MAP_FAILED && errno == EBADF);
    void *pages = aligned_alloc(PAGESIZE, PAGESIZE);
    CHECK(mprotect(pages, PAGESIZE, PROT_READ | PROT_WRITE) == 0);
    CHECK(mprotect((char *)pages + 1, 10, PROT_READ | PROT_WRITE) == -1 && errno == EINVAL);
    CHECK(mprotect(pages, PAGESIZE, PROT_READ) == -1 && errno == ENOTSUP);
    free(pages);
    close(file), unlink("map");
}

static void options(void) {
    char *arguments[] = {"name", "-ab", "value", "--long=x", "operand", "-c", "--", "-d", NULL};
    static const struct option longs[] = {{"long", required_argument, NULL, 'L'}, {0}};
    char found[100] = "";
    int c;
    while ((c = getopt_long(8, arguments, "ab:c", longs, NULL)) != -1)
        sprintf(found + strlen(found), "%c%s ", c, optarg != NULL ? optarg : "");
    CHECK(strcmp(found, "a bvalue Lx c ") == 0 && strcmp(arguments[optind], "operand") == 0);
    char text[] = "ro,size=5,bad", *p = text, *value, *const tokens[] = {"ro", "size", NULL};
    CHECK(getsubopt(&p, tokens, &value) == 0 && getsubopt(&p, tokens, &value) == 1 && strcmp(value, "5") == 0 && getsubopt(&p, tokens, &value) == -1);
}

static void variables(void) {
    CHECK(strcmp(getenv("ONE"), "1") == 0 && *getenv("EMPTY") == 0 && getenv("NONE") == NULL && getenv("ONE=") == NULL);
    CHECK(setenv("TWO", "2", 0) == 0 && setenv("TWO", "3", 0) == 0 && strcmp(getenv("TWO"), "2") == 0 && setenv("TWO", "3", 1) == 0 && strcmp(getenv("TWO"), "3") == 0);
    CHECK(setenv("A=B", "x", 1) == -1 && errno == EINVAL && setenv("", "x", 1) == -1 && unsetenv("ONE") == 0 && getenv("ONE") == NULL);
    static char own[] = "OWN=first";
    CHECK(putenv(own) == 0 && strcmp(getenv("OWN"), "first") == 0);
    own[4] = 'F';
    CHECK(strcmp(getenv("OWN"), "First") == 0);
    CHECK(clearenv() == 0 && getenv("TWO") == NULL && (environ == NULL || *environ == NULL) && setenv("NEW", "n", 1) == 0 && strcmp(environ[0], "NEW=n") == 0);
}

static void chance(void) {
    unsigned char bytes[64] = {0}, others[64] = {0};
    CHECK(getentropy(bytes, 64) == 0 && getentropy(others, 64) == 0 && memcmp(bytes, others, 64) != 0 && getentropy(bytes, 257) == -1 && errno == EIO);
    srand(1);
    int a = rand();
    srand(1);
    CHECK(a == rand() && a >= 0);
    srandom(5);
    long b = random();
    char state[64], *old = initstate(5, state, 64);
    CHECK(b >= 0 && old != NULL && setstate(old) == state);
    unsigned seed = 3;
    CHECK(rand_r(&seed) >= 0 && seed != 3);
    unsigned short three[] = {1, 2, 3};
    CHECK(erand48(three) < 1 && drand48() >= 0 && lrand48() >= 0 && nrand48(three) >= 0);
    CHECK(strcmp(crypt("password", "$6$salt$"), "$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.") == 0);
    CHECK(strcmp(crypt("password", "$1$salt$"), "$1$salt$qJH7.N4xYta3aEG/dfqo/0") == 0 && crypt("password", "ab")[0] == 'a');
}

static void addresses(void) {
    struct in_addr four;
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];
    CHECK(inet_aton("192.168.1.2", &four) == 1 && strcmp(inet_ntoa(four), "192.168.1.2") == 0 && inet_addr("1.2.3.4") == htonl(0x01020304) && inet_aton("1.2.3.400", &four) == 0);
    CHECK(inet_pton(AF_INET6, "2001:db8::1", &six) == 1 && strcmp(inet_ntop(AF_INET6, &six, text, sizeof text), "2001:db8::1") == 0 && inet_pton(AF_INET, "x", &four) == 0 && inet_pton(99, "x", &four) == -1);
    CHECK(ntohs(htons(0x1234)) == 0x1234 && htonl(1) == 0x01000000 && IN6_IS_ADDR_LOOPBACK(&in6addr_loopback));
    char data[1];
    CHECK(recv(0, data, 1, 0) == -1 && send(1000, "x", 1, 0) == -1 && errno == EBADF && shutdown(1000, SHUT_RDWR) == -1 && accept(1000, NULL, NULL) == -1 && errno == EBADF);
}

int main(void) {
    signals();
    maps();
    options();
    variables();
    chance();
    addresses();
    CHECK(getpid() > 0);
    CHECK(strcmp(strerror(ENOENT), "No such file or directory") == 0 && strerror(0) != NULL && strerror_r(EACCES, (char[50]){0}, 50) == 0);
    char path[] = "/usr/lib/", other[] = "name";
    CHECK(strcmp(basename(path), "lib") == 0 && strcmp(dirname(other), ".") == 0);
    CHECK(ffs(8) == 4 && ffsll(1LL << 40) == 41 && a64l("zz") == 4095 && strcmp(l64a(4095), "zz") == 0);
    CHECK(isalpha('a') && !isalpha('1') && toupper('z') == 'Z' && isblank('\t') && !isprint(7) && isascii(127));
    CHECK(strcmp(strsep(&(char *){strdup("a,b")}, ","), "a") == 0 && sched_yield() == 0);
    swab("abcd", path, 4);
    CHECK(memcmp(path, "badc", 4) == 0);
    CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && confstr(_CS_PATH, NULL, 0) > 0);
    printf("%d failures\n", failures);
    return 0;
}
