#include "module1.h"

void print(int number); /* the host's */

void start(void) {
    print(f());
}
