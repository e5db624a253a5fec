#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int print_much(void);
static void say(int file, const char *text) { write(file, text, strlen(text)); }
int main(void) {
    int saved = dup(1);
    printf("before\n");
    fflush(stdout);
    close(1);
    errno = 0;
    int much = print_much(), error = errno;
    say(saved, much < 0 && error == EBADF ? "a library is told\n" : "a library is not told\n");
    say(saved, ferror(stdout) ? "the stream knows\n" : "the stream does not know\n");
    clearerr(stdout);
    puts("into the buffer");
    say(saved, fflush(stdout) == EOF && errno == EBADF ? "flushing fails\n" : "flushing does not fail\n");
    dup2(saved, 1);
    clearerr(stdout);
    printf("open again\n");
    fclose(stdout);
    return 7;
}
