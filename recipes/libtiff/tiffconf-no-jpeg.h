/* As tiffconf.h, where the recipe's option `jpeg` is off. A public header. */
#ifndef TIFFCONF_NO_JPEG_H
#define TIFFCONF_NO_JPEG_H
#include "tiffconf-all.h"
#undef JPEG_SUPPORT
#endif
