#include <csetjmp>
#include <stdexcept>
void jump(std::jmp_buf &to, int value) { std::longjmp(to, value); }
void raise_error(const char *text) { throw std::runtime_error(text); }
