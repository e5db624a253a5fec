/* Which WASI this C library is for. */
#ifndef __WASI_VERSION_H
#define __WASI_VERSION_H

#define __wasip1__

#endif
