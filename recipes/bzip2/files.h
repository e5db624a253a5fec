/* For the program bzip2: in WASI, files have neither owners nor modes, so neither is copied. */
#include <sys/stat.h>
#include <unistd.h>

#define fchmod(file, mode) ((void)(file), (void)(mode), 0)
#define fchown(file, user, group) ((void)(file), (void)(user), (void)(group), 0)
