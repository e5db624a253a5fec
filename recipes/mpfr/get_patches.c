/* Which of upstream's patches are in: none. */
#include "mpfr-impl.h"

const char *mpfr_get_patches(void) {
    return "";
}
