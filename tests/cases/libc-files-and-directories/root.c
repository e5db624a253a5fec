#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utime.h>
#include <wasi/libc.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static void contents(void) {
    char text[40] = "", one[3] = "", rest[20] = "";
    struct stat stat;
    CHECK(open("f", O_RDONLY) == -1 && errno == ENOENT);
    int f = open("f", O_RDWR | O_CREAT | O_EXCL, 0644);
    CHECK(f > 2 && open("f", O_CREAT | O_EXCL | O_RDWR, 0644) == -1 && errno == EEXIST);
    CHECK(write(f, "0123456789", 10) == 10 && lseek(f, 0, SEEK_CUR) == 10 && __wasilibc_tell(f) == 10);
    CHECK(lseek(f, -3, SEEK_END) == 7 && read(f, text, 10) == 3 && memcmp(text, "789", 3) == 0 && read(f, text, 1) == 0);
    CHECK(lseek(f, -1, SEEK_SET) == -1 && errno == EINVAL);
    CHECK(pread(f, text, 4, 2) == 4 && memcmp(text, "2345", 4) == 0 && pwrite(f, "ab", 2, 4) == 2 && lseek(f, 0, SEEK_CUR) == 10);
    /* A host may read and write less than it is asked for. */
    CHECK(lseek(f, 0, SEEK_SET) == 0 && readv(f, (struct iovec[]){{one, 2}, {rest, 5}}, 2) >= 2 && memcmp(one, "01", 2) == 0);
    CHECK(preadv(f, (struct iovec[]){{NULL, 0}, {rest, 3}}, 2, 5) == 3 && memcmp(rest, "b67", 3) == 0);
    CHECK(lseek(f, 7, SEEK_SET) == 7 && writev(f, (struct iovec[]){{"xy", 2}, {"z", 1}}, 2) >= 2 && pwritev(f, (struct iovec[]){{"!", 1}}, 1, 0) == 1);
    CHECK(fstat(f, &stat) == 0 && stat.st_size == 10 && S_ISREG(stat.st_mode) && stat.st_nlink == 1);
    CHECK(ftruncate(f, 4) == 0 && fstat(f, &stat) == 0 && stat.st_size == 4 && ftruncate(f, -1) == -1 && errno == EINVAL);
    CHECK(truncate("f", 6) == 0 && pread(f, text, 10, 0) == 6 && text[5] == 0);
    CHECK(posix_fadvise(f, 0, 0, POSIX_FADV_WILLNEED) == 0);
    CHECK(fsync(f) == 0 && fdatasync(f) == 0 && close(f) == 0 && fsync(f) == -1 && errno == EBADF);
    f = open("f", O_WRONLY | O_TRUNC | O_APPEND);
    CHECK(write(f, "one", 3) == 3 && lseek(f, 0, SEEK_SET) == 0 && write(f, "two", 3) == 3 && (fcntl(f, F_GETFL) & O_APPEND) != 0);
    CHECK(read(f, text, 1) == -1 && errno == EBADF && fcntl(f, F_SETFL, 0) == 0 && (fcntl(f, F_GETFL) & O_APPEND) == 0);
    CHECK(fstat(f, &stat) == 0 && stat.st_size == 6 && close(f) == 0);
    f = open("f", O_RDWR);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(f, F_SETLK, &lock) == -1 && errno == ENOTSUP && fcntl(f, F_GETLK, &lock) == -1 && errno == ENOTSUP && close(f) == 0);
    f = open("f", O_RDONLY);
    CHECK(write(f, "x", 1) == -1 && errno == EBADF);
    CHECK(isatty(f) == 0 && errno == ENOTTY && close(f) == 0);
    CHECK(access("f", R_OK | W_OK) == 0 && access("g", F_OK) == -1 && errno == ENOENT && faccessat(AT_FDCWD, "f", F_OK, 0) == 0);
    CHECK(utimensat(AT_FDCWD, "f", (struct timespec[]){{1000, 5000}, {2000, 7000}}, 0) == 0 && lstat("f", &stat) == 0 && stat.st_atim.tv_sec == 1000 && stat.st_mtim.tv_sec == 2000);
    CHECK(utimes("f", (struct timeval[]){{3000, 0}, {4000, 0}}) == 0 && lstat("f", &stat) == 0 && stat.st_mtim.tv_sec == 4000);
    CHECK(utime("f", NULL) == 0 && lstat("f", &stat) == 0 && stat.st_mtim.tv_sec > 1000000);
    f = open("f", O_RDWR);
    CHECK(futimens(f, (struct timespec[]){{0, UTIME_OMIT}, {5000, 0}}) == 0 && fstat(f, &stat) == 0 && stat.st_mtim.tv_sec == 5000);
    CHECK(close(f) == 0 && unlink("f") == 0 && unlink("f") == -1 && errno == ENOENT);
}

static void directories(void) {
    char path[PATH_MAX];
    CHECK(mkdir("d", 0755) == 0 && mkdir("d", 0755) == -1 && errno == EEXIST && mkdir("no/d", 0755) == -1 && errno == ENOENT);
    CHECK(open("d", O_WRONLY) == -1 && errno == EISDIR);
    CHECK(getcwd(path, sizeof path) == path && strcmp(path, "/") == 0 && getcwd(path, 1) == NULL && errno == ERANGE);
    CHECK(chdir("d") == 0 && strcmp(getcwd(path, sizeof path), "/d") == 0 && chdir("no") == -1 && errno == ENOENT);
    char *own = getcwd(NULL, 0);
    CHECK(strcmp(own, "/d") == 0);
    for (int i = 0; i < 200; i++) {
        sprintf(path, "file-%03d", i);
        CHECK(close(open(path, O_CREAT | O_WRONLY, 0600)) == 0);
    }
    CHECK(access("/d/file-007", F_OK) == 0 && access("../d/file-007", F_OK) == 0 && realpath("./file-007", path) == path && strcmp(path, "/d/file-007") == 0);
    DIR *dir = opendir(".");
    int seen = 0, dots = 0;
    long place = -1;
    char at[64] = "";
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (seen + dots == 100)
            strcpy(at, entry->d_name);
        if (entry->d_name[0] == '.')
            dots++;
        else
            seen += entry->d_type == DT_REG && entry->d_ino != 0;
        if (seen + dots == 100)
            place = telldir(dir);
    }
    CHECK(seen == 200 && dots == 2);
    seekdir(dir, place);
    CHECK(strcmp(readdir(dir)->d_name, at) == 0);
    rewinddir(dir);
    seen = 0;
    while (readdir(dir) != NULL)
        seen++;
    CHECK(seen == 202);
    struct stat stat;
    CHECK(fstatat(dirfd(dir), "file-001", &stat, 0) == 0 && mkdirat(dirfd(dir), "sub", 0700) == 0 && unlinkat(dirfd(dir), "sub", AT_REMOVEDIR) == 0);
    CHECK(closedir(dir) == 0 && opendir("file-001") == NULL && errno == ENOTDIR && opendir("none") == NULL && errno == ENOENT);
    CHECK(rmdir("/d") == -1 && errno == ENOTEMPTY && unlink("/d") == -1);
    for (int i = 0; i < 200; i++) {
        sprintf(path, "/d/file-%03d", i);
        CHECK(unlink(path) == 0);
    }
    CHECK(chdir("/") == 0 && rmdir("d") == 0 && rmdir("d") == -1 && errno == ENOENT);
    free(own);
    CHECK(open("../../etc/passwd", O_RDONLY) == -1);
    CHECK(sysconf(_SC_OPEN_MAX) != 0 && pathconf("/", _PC_NAME_MAX) > 0);
}

static void streams(void) {
    char text[100], *line = NULL, *memory = NULL;
    size_t room = 0, size = 0;
    FILE *f = fopen("s", "w+");
    CHECK(f != NULL && fopen("s", "bad") == NULL && errno == EINVAL);
    CHECK(fprintf(f, "line %d\nlonger line\nlast", 1) == 23 && fseek(f, 0, SEEK_SET) == 0 && ftell(f) == 0);
    CHECK(getline(&line, &room, f) == 7 && strcmp(line, "line 1\n") == 0 && getdelim(&line, &room, ' ', f) == 7 && ftell(f) == 14);
    CHECK(fgets(text, 4, f) == text && strcmp(text, "lin") == 0 && ungetc('X', f) == 'X' && getc(f) == 'X' && fread(text, 1, 100, f) == 6 && feof(f) && !ferror(f));
    clearerr(f);
    CHECK(!feof(f) && fseek(f, -4, SEEK_END) == 0 && fscanf(f, "%99s", text) == 1 && strcmp(text, "last") == 0);
    fpos_t pos;
    rewind(f);
    CHECK(getc(f) == 'l' && fgetpos(f, &pos) == 0 && getc(f) == 'i' && fsetpos(f, &pos) == 0 && getc(f) == 'i');
    CHECK(fseeko(f, 1000, SEEK_SET) == 0 && fputc('e', f) == 'e' && fflush(f) == 0 && ftello(f) == 1001 && fileno(f) > 2);
    CHECK(freopen("s", "r", f) == f && fputc('x', f) == EOF && ferror(f) && fclose(f) == 0);
    f = fopen("s", "a+");
    CHECK(setvbuf(f, NULL, _IONBF, 0) == 0 && fputs("A", f) >= 0 && fseek(f, 0, SEEK_END) == 0 && ftell(f) == 1002 && fclose(f) == 0);
    f = fopen("s", "r");
    static char buffer[10];
    CHECK(setvbuf(f, buffer, _IOFBF, sizeof buffer) == 0 && fread(text, 10, 5, f) == 5 && getc_unlocked(f) != EOF && fclose(f) == 0);
    f = fopen("s", "wx");
    CHECK(f == NULL && errno == EEXIST);
    f = open_memstream(&memory, &size);
    CHECK(fprintf(f, "%0100d", 7) == 100 && fflush(f) == 0 && size == 100 && fseek(f, 0, SEEK_SET) == 0 && fputc('!', f) == '!' && fclose(f) == 0 && memory[0] == '!');
    free(memory);
    f = fmemopen("some text", 9, "r");
    CHECK(fscanf(f, "%s %s", text, text + 50) == 2 && strcmp(text + 50, "text") == 0 && fclose(f) == 0);
    f = fmemopen(text, sizeof text, "w");
    CHECK(fputs("abc", f) >= 0 && fclose(f) == 0 && strcmp(text, "abc") == 0);
    CHECK(asprintf(&memory, "%s-%d", "made", 5) == 6 && strcmp(memory, "made-5") == 0);
    free(memory), free(line);
    int d = open("s", O_WRONLY | O_TRUNC);
    CHECK(dprintf(d, "%d", 42) == 2 && close(d) == 0 && remove("s") == 0 && remove("s") == -1);

    CHECK(fclose(fopen("s", "w")) == 0 && unlink("s") == 0);
}

static ssize_t cookie_write(void *cookie, const char *data, size_t size) {
    memcpy(cookie, data, size);
    return size;
}

int main(void) {
    contents();
    directories();
    streams();
    static char written[100];
    FILE *f = fopencookie(written, "w", (cookie_io_functions_t){.write = cookie_write});
    CHECK(fputs("cookie", f) >= 0 && fclose(f) == 0 && strcmp(written, "cookie") == 0);
    printf("%d failures\n", failures);
    return 0;
}
