int table[] = {1, 2, 3};
int *where(void) { return table; }
