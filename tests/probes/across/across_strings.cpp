#include "../probe.h"
#include "parts.h"
#include <algorithm>
int main() {
  std::string small = parts::text(3), large = parts::text(1000);
  large += small;
  SAME(large.size(), std::size_t(1003));
  small.assign(500, 'x'); // grows what the library made
  auto words = parts::words();
  words.push_back("one of ours");
  std::sort(words.begin(), words.end());
  SAME(words[0], "apple");
  auto index = parts::index(words);
  SAME(index["p"].size(), std::size_t(2));
  index["new"].push_back(1);
  SAME(index.size(), std::size_t(4));
  std::vector<int> numbers{3, 1, 2};
  SAME(parts::ordered(numbers, [](int a, int b) { return a > b; }), true);
  std::printf("%s %d\n", words.back().c_str(), numbers[0]);
  return probe::end();
}
