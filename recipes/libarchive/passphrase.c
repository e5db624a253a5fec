/* There is no terminal to ask on: a passphrase is an option of the command line. */
#include <errno.h>
#include <stddef.h>

char *lafe_readpassphrase(const char *prompt, char *buffer, size_t size) {
    (void)prompt, (void)buffer, (void)size;
    errno = ENOTTY;
    return NULL;
}
