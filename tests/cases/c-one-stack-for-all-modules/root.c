int below(int *);
int run(void) { int frame[16]; frame[0] = 0; return below(frame); }
