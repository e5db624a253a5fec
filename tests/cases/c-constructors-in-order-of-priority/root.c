void log_(int);
__attribute__((constructor)) static void plain(void) { log_(4); }
