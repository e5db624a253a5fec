#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static void show(const char *what, struct tm *t) {
    char text[200];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %j %a %A %b %B %U %W %V %G %u %w %y %C %e %I %p %D %F %T %R %%", t);
    printf("%s: %s\n", what, text);
}

int main(void) {
    time_t when = 1718000000;
    show("gmtime", gmtime(&when));
    show("localtime", localtime(&when));
    printf("asctime: %sctime: %s", asctime(gmtime(&when)), ctime(&when));
    when = -1;
    show("before 1970", gmtime(&when));
    when = 253402300800;
    show("year 10000", gmtime(&when));
    struct tm t = {.tm_year = 124, .tm_mon = 13, .tm_mday = 35, .tm_hour = -1, .tm_sec = 3661};
    printf("mktime: %lld", (long long)mktime(&t));
    show("", &t);
    t = (struct tm){.tm_year = 124, .tm_mon = 1, .tm_mday = 29};
    printf("timegm: %lld\n", (long long)timegm(&t));
    char *end = strptime("2024-02-29 23:59:58 rest", "%Y-%m-%d %H:%M:%S", &t);
    printf("strptime: %s|", end);
    show("", &t);
    printf("strptime of names: %d\n", strptime("Thu Feb 29 2024", "%a %b %d %Y", &t) != NULL && t.tm_wday == 4);
    printf("strptime that fails: %d\n", strptime("2024-13-01", "%Y-%m-%d", &t) == NULL);
    printf("difftime: %g\n", difftime(10, 4));
    struct timespec a, b;
    printf("resolution: %d\n", clock_getres(CLOCK_MONOTONIC, &a) == 0 && a.tv_sec == 0 && a.tv_nsec > 0);
    clock_gettime(CLOCK_MONOTONIC, &a);
    printf("nanosleep: %d\n", nanosleep(&(struct timespec){0, 5000000}, NULL));
    printf("clock_nanosleep: %d %d %d\n", clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 5000000}, NULL), clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL), clock_nanosleep(CLOCK_REALTIME, 0, &(struct timespec){0, 1000000000}, NULL) == EINVAL);
    printf("usleep: %d\n", usleep(2000));
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("it took: %d\n", (b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec >= 11000000);
    struct timeval now;
    struct timespec real;
    printf("now: %d %d %d\n", gettimeofday(&now, NULL) == 0 && llabs(now.tv_sec - time(NULL)) <= 1, timespec_get(&real, TIME_UTC) == TIME_UTC && llabs(real.tv_sec - now.tv_sec) <= 1, time(NULL) > 1700000000);
    struct tms tms;
    struct rusage usage;
    printf("processor: %d %d %d\n", clock() >= 0, times(&tms) != (clock_t)-1, getrusage(RUSAGE_SELF, &usage) == 0);
    return 0;
}
