int inner(int x) { return x + 1; }
int visible(int x) { return inner(x); }
