/* What a public header includes: ours is the system's. */
#include <stdint.h>
