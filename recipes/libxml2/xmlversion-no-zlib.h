/* As xmlversion.h, where the recipe's option `zlib` is off. A public header. */
#include <libxml/xmlversion-all.h>
#undef LIBXML_ZLIB_ENABLED
