void log(int);
static int ready = 3;
static int *relocated = &ready;
__attribute__((constructor)) static void comes(void) { log(1); }
int base(void) { return *relocated; }
