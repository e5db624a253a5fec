#include "thousand.h"
extern int (*many[])(int);
#define ONE(n) int far##n(void);
THOUSAND
#undef ONE
#define ONE(n) far##n,
static int (*const far[])(void) = {THOUSAND};

int run(void) {
    int wrong = 0;
    for (int i = 0; i < 1000; i++) wrong += many[i](i) != 1000 + 2 * i;
    return wrong;
}
int other(void) {
    int wrong = 0;
    for (int i = 0; i < 1000; i++) wrong += far[i]() != 3 * (1000 + i);
    return wrong;
}
int last(void) { return far[999]() + many[999](1); }
