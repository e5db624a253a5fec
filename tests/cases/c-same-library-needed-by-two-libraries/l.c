void add(int);
void left(void) { add(1); }
