/* What upstream's configure would find out. */
#define HAVE_DECL_GETENTROPY 1
#define HAVE_DECL_GLOB 0
#define HAVE_DECL_MMAP 0
#define HAVE_DLFCN_H 1
#define HAVE_DLOPEN 1
#define HAVE_FUNC_ATTRIBUTE_DESTRUCTOR 1
#define HAVE_STDINT_H 1
#define HAVE_ZLIB_H 1
#define XML_SYSCONFDIR "/etc"
