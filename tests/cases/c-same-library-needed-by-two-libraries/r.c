extern int total;
void right(void) { total += 10; }
int sum(void) { return total; }
