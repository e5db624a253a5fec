#include "shape.h"
#include <cstdio>
#include <stdexcept>
int bad();
int main() {
    std::puts("main");
    std::printf("%d\n", square(4)->area());
    try {
        square(-1);
    } catch (const std::invalid_argument &error) {
        std::printf("caught: %s\n", error.what());
    }
    std::fflush(stdout);
    try {
        return bad();
    } catch (...) {
        std::puts("not here");
    }
}
