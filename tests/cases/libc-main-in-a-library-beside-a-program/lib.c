int main(void) { return 9; }
int seven(void) { return 7; }
