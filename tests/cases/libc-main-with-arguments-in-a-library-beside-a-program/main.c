int main(int argc, char **argv) { return argc > 9 && argv[9] ? 8 : 9; }
int seven(void) { return 7; }
