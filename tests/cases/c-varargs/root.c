double sum(const char *kinds, ...);
double run(void) { int seven = 7; return sum("idlp", 1, 0.25, 10000000000LL, &seven); }
