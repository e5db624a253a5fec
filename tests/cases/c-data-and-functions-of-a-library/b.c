int counter = 40;
static int squares[] = {0, 1, 4, 9};
int twice(int x) { counter++; return 2 * x; }
int *table[] = {&squares[3], &counter, squares};
