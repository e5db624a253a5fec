extern char __heap_base, __stack_high;
int run(void) { return &__stack_high <= &__heap_base; }
