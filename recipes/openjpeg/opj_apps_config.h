/* What upstream's build would find out, for its programs. */
#include "opj_config_private.h"
#define OPJ_HAVE_LIBPNG 1
#define OPJ_HAVE_PNG_H 1
