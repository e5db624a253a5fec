int around(int (*)(int), int);
int from_main(int x) { return 10 * x; }
static int callback(int x) { return x + 1; }
int main(void) { return around(callback, 4); }
