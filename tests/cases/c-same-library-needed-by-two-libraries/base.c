int total;
void add(int x) { total += x; }
