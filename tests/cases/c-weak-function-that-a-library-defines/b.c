int perhaps(int x) { return x + 1; }
int perhaps_data = 3;
