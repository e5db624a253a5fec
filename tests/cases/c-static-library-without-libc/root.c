static int value;
__attribute__((constructor)) static void begin(void) { value = 8; }
int get(void) { return value; }
