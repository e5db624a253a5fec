/* What upstream's build would find out, without SIMD and threads. */
#define HAVE_BUILTIN_CLZ 1
#define HAVE_GCC_VECTOR_EXTENSIONS 1
#define HAVE_GETTIMEOFDAY 1
#define HAVE_POSIX_MEMALIGN 1
#define HAVE_SYS_TIME_H 1
#define HAVE_UNISTD_H 1
#define PACKAGE "pixman"
#define PIXMAN_NO_TLS 1
#define SIZEOF_LONG 4
#define TOOLCHAIN_SUPPORTS_ATTRIBUTE_CONSTRUCTOR 1
