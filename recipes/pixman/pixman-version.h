/* What upstream's build would write. A public header. */
#ifndef PIXMAN_VERSION_H__
#define PIXMAN_VERSION_H__

#define PIXMAN_VERSION_MAJOR 0
#define PIXMAN_VERSION_MINOR 44
#define PIXMAN_VERSION_MICRO 0
#define PIXMAN_VERSION_STRING "0.44.0"
#define PIXMAN_VERSION_ENCODE(major, minor, micro) ((major) * 10000 + (minor) * 100 + (micro) * 1)
#define PIXMAN_VERSION PIXMAN_VERSION_ENCODE(PIXMAN_VERSION_MAJOR, PIXMAN_VERSION_MINOR, PIXMAN_VERSION_MICRO)

#ifndef PIXMAN_API
#define PIXMAN_API
#endif

#endif
