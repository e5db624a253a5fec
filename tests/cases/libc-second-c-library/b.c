int version(void);
int b(void) { return version(); }
