int seven(void);
int main(int argc, char **argv) { return argc == 1 && argv[0] ? seven() : 1; }
