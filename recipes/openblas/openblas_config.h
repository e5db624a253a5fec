/* How it was built, for what upstream makes of it. */
#ifndef OPENBLAS_CONFIG_H
#define OPENBLAS_CONFIG_H
#define OPENBLAS_NEEDBUNDERSCORE 1
#define OPENBLAS_VERSION " OpenBLAS 0.3.29 "
#include "openblas_config_template.h"
#endif
