// Compiled with exceptions and without: none is thrown, and the standard library's templates are in it.
#include <map>
#include <string>
#include <vector>

extern "C" int quiet(int turns) {
  int sum = 0;
  for (int turn = 0; turn < turns; turn++) {
    std::map<std::string, std::vector<int>> all;
    for (int i = 0; i < 3000; i++) all["name " + std::to_string(i % 400)].push_back(i);
    for (const auto &[name, values] : all) sum += static_cast<int>(name.size() * values.size());
  }
  return sum;
}
