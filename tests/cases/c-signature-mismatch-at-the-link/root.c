long seek(int file, long offset);
int run(void) { return seek(1, 2); }
