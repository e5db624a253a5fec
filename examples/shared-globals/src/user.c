#include "shapes.h"
#include "state.h"

void print(int number); /* the host's */

int global_by_name(void) {
    state_counter = 42;
    state_counter++;
    return *state_counter_address();
}

int global_by_pointer(void) {
    *state_counter_address() = 7;
    return state_counter;
}

int string_length(void) {
    int length = 0;
    for (const char *p = state_greeting(); *p; p++)
        length++;
    return length;
}

int string_from_table(int index) {
    return state_names[index][0];
}

int struct_across(int x, int y) {
    struct point point = {0, 0};
    state_move(&point, x, y);
    return state_square_length(point);
}

static int plus_ten(int value) {
    return value + 10;
}

int callback_down(int value) {
    return state_apply_twice(plus_ten, value);
}

int callback_up(int value) {
    return state_squarer()(value);
}

int one_address(void) {
    return state_squarer() == state_square && state_is_squarer(state_square) && state_square != plus_ten;
}

int area_of(int kind, int size) {
    return kind < shape_count ? shape_kinds[kind].area(size) : -1;
}

/* Data of this library that points at a function and at data of another. */
static const struct {
    transform function;
    int *counter;
} own[] = {{plus_ten, &state_counter}, {state_square, &state_counter}};

int through_own_table(int index) {
    *own[0].counter = 98;
    return own[index - 1].function(index) + *own[0].counter;
}

static int tell(int value) {
    print(value);
    return value + 1;
}

void tell_host(void) {
    state_apply_twice(tell, 1);
    state_counter = 42;
    print(*state_counter_address());
}
