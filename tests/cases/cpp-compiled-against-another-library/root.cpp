#include <string>
std::string greeting(const std::string &name);
int main() { return greeting("you").size() != 10; }
