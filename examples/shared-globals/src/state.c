#include "state.h"

int state_counter = 42;

static const char greeting[] = "hello, world";

/* An address in data: known only when the library has been loaded, so the loader's relocations write it. */
struct state state_global = {1, {2, 3}, greeting};
const char *const state_names[3] = {"one", "two", "three"};

int *state_counter_address(void) {
    return &state_counter;
}

const char *state_greeting(void) {
    return state_global.name;
}

int state_square_length(struct point point) {
    return point.x * point.x + point.y * point.y;
}

void state_move(struct point *point, int dx, int dy) {
    point->x += dx;
    point->y += dy;
}

int state_apply_twice(transform function, int value) {
    return function(function(value));
}

int state_square(int value) {
    return value * value;
}

transform state_squarer(void) {
    return state_square;
}

int state_is_squarer(transform function) {
    return function == state_square;
}
