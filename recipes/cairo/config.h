#ifndef OURS_CONFIG_H
#define OURS_CONFIG_H
/* What upstream's build would find out, for one thread. */
#define CAIRO_NO_MUTEX 1
#define HAS_PIXMAN_GLYPHS 1
#define HAS_PIXMAN_r8g8b8_sRGB 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_CXX11_ATOMIC_PRIMITIVES 1
#define HAVE_CTIME_R 1
#define HAVE_FT_COLR_V1 1
#define HAVE_FT_GET_VAR_DESIGN_COORDINATES 1
#define HAVE_FT_DONE_MM_VAR 1
#define HAVE_FT_GET_X11_FONT_FORMAT 1
#define HAVE_FT_GLYPHSLOT_EMBOLDEN 1
#define HAVE_FT_GLYPHSLOT_OBLIQUE 1
#define HAVE_FT_LIBRARY_SETLCDFILTER 1
#define HAVE_FT_LOAD_SFNT_TABLE 1
#define HAVE_FT_PALETTE_SELECT 1
#define HAVE_GMTIME_R 1
#define HAVE_INTTYPES_H 1
#define HAVE_LOCALE_H 1
#define HAVE_NEWLOCALE 1
#define HAVE_STDINT_H 1
#define HAVE_STRNDUP 1
#define HAVE_SYS_STAT_H 1
#define HAVE_UINT64_T 1
#define HAVE_UNISTD_H 1
#define HAVE_MKDIR 2
#define SIZEOF_INT 4
#define SIZEOF_LONG 4
#define SIZEOF_LONG_LONG 8
#define SIZEOF_SIZE_T 4
#define SIZEOF_VOID_P 4
#define WARN_UNUSED_RESULT
#define PACKAGE_VERSION "1.18.4"

/* WASI has no directory for temporary files: one where we are, without a name once it is open. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static inline FILE *cairo_ours_tmpfile(void) {
    char name[] = "cairo-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0)
        return NULL;
    unlink(name);
    return fdopen(fd, "w+b");
}
#define tmpfile cairo_ours_tmpfile
#endif
