/* What upstream's build would find out. */
#define OPJ_PACKAGE_VERSION "2.5.3"
#define OPJ_HAVE_FSEEKO 1
#define OPJ_HAVE_POSIX_MEMALIGN
