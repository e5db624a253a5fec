#include <string>
#include <vector>
std::vector<std::string> made() { return {"one", "two"}; }
void grow(std::vector<std::string> &all) {
  for (int i = 0; i < 100; i++) all.push_back("a string of the library's, on the heap");
}
const std::string &at(const std::vector<std::string> &all, unsigned index) { return all.at(index); }
