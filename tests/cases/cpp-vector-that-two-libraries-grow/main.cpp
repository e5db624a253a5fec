#include <cassert>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>
std::vector<std::string> made();
void grow(std::vector<std::string> &all);
const std::string &at(const std::vector<std::string> &all, unsigned index);
int main() {
  std::vector<std::string> all = made();
  for (int i = 0; i < 100; i++) all.push_back("a string of the program's, on the heap");
  grow(all);
  all.erase(all.begin() + 1, all.begin() + 101);
  assert(all.size() == 102);
  std::printf("%zu %s %s\n", all.size(), at(all, 1).c_str(), at(all, 101).c_str());
  try {
    at(all, 102);
  } catch (const std::out_of_range &error) {
    std::printf("%s\n", error.what());
  }
}
