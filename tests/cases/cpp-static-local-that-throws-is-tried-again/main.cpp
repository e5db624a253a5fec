#include "once.h"
int in_library();
static int here() { try { return once().number; } catch (int n) { return -n; } }
int main() { for (int i = 0; i < 2; ++i) { std::printf("here %d\n", here()); std::printf("there %d\n", in_library()); } }
