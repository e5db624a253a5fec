int distance(int, int);
__attribute__((visibility("default"))) int abs(int x) { return 99; }
int main(void) { return distance(1, 5); }
