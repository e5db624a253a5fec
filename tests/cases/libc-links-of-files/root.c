#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void is(const char *what, int right) { printf("%s: %d %s\n", what, right, right ? "" : strerror(errno)); }

static int same(const char *one, const char *other) {
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_ino == b.st_ino && a.st_nlink == b.st_nlink;
}

int main(void) {
    char text[100] = "";
    struct stat stat;
    is("link", link("dir/a.txt", "dir/b.txt") == 0 && same("dir/a.txt", "dir/b.txt"));
    is("linkat of the working directory", linkat(AT_FDCWD, "dir/a.txt", AT_FDCWD, "other.txt", 0) == 0 && same("dir/a.txt", "other.txt"));
    int dir = open("dir", O_RDONLY | O_DIRECTORY);
    is("linkat from a directory", linkat(dir, "a.txt", AT_FDCWD, "c.txt", 0) == 0 && same("dir/a.txt", "c.txt"));
    is("linkat to a directory", linkat(AT_FDCWD, "c.txt", dir, "d.txt", 0) == 0 && same("dir/d.txt", "/c.txt"));
    is("linkat of absolute paths", linkat(dir, "/c.txt", dir, "/dir/e.txt", 0) == 0 && same("dir/e.txt", "c.txt"));
    is("link to what is there", link("c.txt", "other.txt") == -1 && errno == EEXIST);
    is("link of nothing", link("nothing", "new") == -1 && errno == ENOENT);
    is("symlink", symlink("a.txt", "dir/soft") == 0);
    is("readlink", readlink("dir/soft", text, sizeof text) == 5 && strcmp(text, "a.txt") == 0);
    is("readlink of no link", readlink("dir/a.txt", text, sizeof text) == -1 && errno == EINVAL);
    is("through it", same("dir/soft", "dir/a.txt"));
    is("lstat", lstat("dir/soft", &stat) == 0 && S_ISLNK(stat.st_mode));
    is("rename", rename("dir/d.txt", "renamed.txt") == 0 && access("dir/d.txt", F_OK) == -1 && access("renamed.txt", R_OK) == 0);
    is("renameat", renameat(dir, "e.txt", AT_FDCWD, "moved.txt") == 0 && access("moved.txt", F_OK) == 0);
    is("rename of nothing", rename("nothing", "new") == -1 && errno == ENOENT);
    for (const char **name = (const char *[]){"dir/b.txt", "other.txt", "c.txt", "renamed.txt", "moved.txt", "dir/soft", NULL}; *name != NULL; name++)
        if (unlink(*name) != 0)
            perror(*name);
    is("all others are gone", lstat("dir/a.txt", &stat) == 0 && stat.st_nlink == 1);
    return 0;
}
