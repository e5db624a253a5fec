int value = 1;
__attribute__((constructor)) static void begin(void) { value = 2; }
