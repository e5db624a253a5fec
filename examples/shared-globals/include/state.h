#pragma once

struct point {
    int x, y;
};

struct state {
    int count;
    struct point where;
    const char *name;
};

extern int state_counter;
extern struct state state_global;
extern const char *const state_names[3];

int *state_counter_address(void);
const char *state_greeting(void);
int state_square_length(struct point by_value);
void state_move(struct point *by_pointer, int dx, int dy);

typedef int (*transform)(int);
int state_apply_twice(transform function, int value);
transform state_squarer(void);
int state_is_squarer(transform function);
int state_square(int value);
