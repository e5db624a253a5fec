/* What upstream's configure would find out, with its own default limits, for all widths and with Unicode. */
#define HAVE_ASSERT_H 1
#define HAVE_BUILTIN_ASSUME 1
#define HAVE_BUILTIN_MUL_OVERFLOW 1
#define HAVE_BUILTIN_UNREACHABLE 1
#define HAVE_ATTRIBUTE_UNINITIALIZED 1
#define HAVE_DIRENT_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_MEMMOVE 1
#define HAVE_STDINT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRERROR 1
#define HAVE_STRING_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H 1

#define SUPPORT_PCRE2_8 1
#define SUPPORT_PCRE2_16 1
#define SUPPORT_PCRE2_32 1
#define SUPPORT_UNICODE 1

#define HEAP_LIMIT 20000000
#define LINK_SIZE 2
#define MATCH_LIMIT 10000000
#define MATCH_LIMIT_DEPTH MATCH_LIMIT
#define MAX_NAME_COUNT 10000
#define MAX_NAME_SIZE 128
#define MAX_VARLOOKBEHIND 255
#define NEWLINE_DEFAULT 2
#define PARENS_NEST_LIMIT 250
#define PCRE2GREP_BUFSIZE 20480
#define PCRE2GREP_MAX_BUFSIZE 1048576

#ifndef PCRE2_EXPORT
#define PCRE2_EXPORT __attribute__((visibility("default")))
#endif
