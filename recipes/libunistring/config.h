#ifndef OURS_CONFIG_H
#define OURS_CONFIG_H
/* What upstream's configure would find out. */
#define HAVE_ALLOCA 1
#define HAVE_ALLOCA_H 1
#define HAVE_ICONV 1
#define HAVE_ICONV_H 1
#define HAVE_ISNAND_IN_LIBC 1
#define HAVE_ISNANL_IN_LIBC 1
#define HAVE_LANGINFO_CODESET 1
#define HAVE_LANGINFO_H 1
#define HAVE_MBRTOWC 1
#define HAVE_SNPRINTF_RETVAL_C99 1
#define HAVE_SNPRINTF_TRUNCATION_C99 1
#define HAVE_WCHAR_H 1
#define HAVE_WCHAR_T 1
#define HAVE_WCRTOMB 1
#define HAVE_WCSLEN 1
#define HAVE_WINT_T 1
#define HAVE_DECL_STRNLEN 1
#define ICONV_CONST
#define NEED_PRINTF_DIRECTIVE_A 1
#define NEED_PRINTF_LONG_DOUBLE 1
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

/* What gnulib's own headers and macros would say. */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>
#define mbszero(state) (*(state) = (mbstate_t){0})
#define FLEXIBLE_ARRAY_MEMBER
#define _GL_ATTRIBUTE_ALLOC_SIZE(args)
#define _GL_ATTRIBUTE_CONST __attribute__((__const__))
#define _GL_ATTRIBUTE_DEALLOC(how, which)
#define _GL_ATTRIBUTE_DEALLOC_FREE
#define _GL_ATTRIBUTE_MALLOC __attribute__((__malloc__))
#define _GL_ATTRIBUTE_MAYBE_UNUSED __attribute__((__unused__))
#define _GL_ATTRIBUTE_NODISCARD
#define _GL_ATTRIBUTE_PACKED __attribute__((__packed__))
#define _GL_ATTRIBUTE_PURE __attribute__((__pure__))
#define _GL_CONFIG_H_INCLUDED 1
#define _GL_UNUSED __attribute__((__unused__))
#define _GL_ATTRIBUTE_FALLTHROUGH __attribute__((__fallthrough__))
#define _GL_GNUC_PREREQ(major, minor) 1
#define _GL_CMP(left, right) (((left) > (right)) - ((left) < (right)))
#define _GL_EXTERN_INLINE static inline
#define _GL_INLINE static inline
#define _GL_INLINE_HEADER_BEGIN
#define _GL_INLINE_HEADER_END
#define _GL_UNUSED_PARAMETER __attribute__((__unused__))
static inline size_t mbsnlen(const char *text, size_t size) {
    mbstate_t state = {0};
    size_t count = 0, step;

    for (; size > 0; count++, text += step, size -= step) {
        step = mbrtowc(NULL, text, size, &state);
        if (step == 0 || step > size) /* what is no character counts as one byte */
            step = 1, state = (mbstate_t){0};
    }
    return count;
}
#endif
