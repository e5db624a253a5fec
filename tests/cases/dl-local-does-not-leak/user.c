int add(int, int); int use(void) { return add(1, 2); }
