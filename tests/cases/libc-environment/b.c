#include <stdlib.h>
const char *look(const char *name) { return getenv(name); }
