void log_(int);
__attribute__((constructor)) static void plain(void) { log_(3); }
__attribute__((constructor(200))) static void second(void) { log_(2); }
__attribute__((constructor(101))) static void first(void) { log_(1); }
