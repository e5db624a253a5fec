int add(int a, int b);
extern "C" int run() { return add(1, 2); }
