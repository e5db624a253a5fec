int down(int (*next)(int), int n) { volatile char frame[512]; frame[0] = 1; return next(n - 1) + frame[0]; }
