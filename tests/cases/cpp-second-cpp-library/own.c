void __cxa_throw(void *thrown, void *type, void (*destructor)(void *)) { __builtin_trap(); }
int own(void) { return 1; }
