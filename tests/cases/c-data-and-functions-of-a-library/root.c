extern int counter, *table[];
int twice(int);
static int (*const pointer)(int) = twice;
int run_calls(int x) { return twice(x) + pointer(x); }
int run_data(void) { counter += 100; return counter; }
int run_pointers(void) { return *table[0] * 1000 + *table[1] - table[2][2]; }
