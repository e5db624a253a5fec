#include "module1.h"

int f(void) {
    return 42;
}
