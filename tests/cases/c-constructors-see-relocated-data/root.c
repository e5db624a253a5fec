extern int value;
static int *pointer = &value;
static int seen;
__attribute__((constructor)) static void begin(void) { seen = *pointer; }
int run(void) { return seen; }
