int count = 0;
int next(void) { return ++count; }
