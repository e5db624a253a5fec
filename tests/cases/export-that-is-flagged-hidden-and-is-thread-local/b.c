_Thread_local int counter __attribute__((visibility("hidden"))) = 41;
int read(void) { return counter; }
