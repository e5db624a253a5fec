int value = 4;
int *pointer = &value;
__attribute__((weak)) int weak(void) { return value; }
int strong(void) { return weak() + *pointer; }
int (*table[])(void) = {weak, strong};
