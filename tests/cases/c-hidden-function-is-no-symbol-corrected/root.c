int inner(int);
int run(int x) { return inner(x); }
