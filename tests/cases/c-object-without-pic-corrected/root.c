static int table[] = {1, 2, 3};
int run(void) { return table[1]; }
