#include <cstdio>
void fail();
int main() { std::puts("before"); try { fail(); } catch (int) { std::puts("wrong"); } }
