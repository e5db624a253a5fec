typedef int (*function)(int, int); int add(int, int); function its_address(void) { return add; }
