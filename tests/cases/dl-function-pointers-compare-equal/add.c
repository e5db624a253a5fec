int add(int a, int b) { return a + b; } typedef int (*function)(int, int); function own_address(void) { return add; }
