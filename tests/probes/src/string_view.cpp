#include "probe.h"
#include <string>
#include <string_view>
using namespace std::string_view_literals;
constexpr std::size_t spaces(std::string_view text) {
  std::size_t count = 0;
  for (char each : text)
    count += each == ' ';
  return count;
}
int main() {
  static_assert(spaces("a b c") == 2);
  std::string_view text = "  key = value  ";
  text.remove_prefix(text.find_first_not_of(' '));
  text.remove_suffix(text.size() - text.find_last_not_of(' ') - 1);
  SAME(text, "key = value");
  SAME(text.substr(0, text.find(' ')), "key");
  SAME(text.rfind('e'), std::size_t(10));
  SAME(text.compare(0, 3, "kez") < 0, true);
  SAME("a\0b"sv.size(), std::size_t(3));
  THROWS(std::out_of_range, (void)text.substr(50));
  THROWS(std::out_of_range, (void)text.at(50));
  SAME(text.front(), 'k');
  SAME(std::string(text.rbegin(), text.rend()), "eulav = yek");
  char copy[4] = {};
  SAME(text.copy(copy, 3), std::size_t(3));
  SAME(copy, "key"sv);
  SAME(text > "kex", true);
  SAME(L"wide"sv.size() + u"16"sv.size(), std::size_t(6));
  SAME(std::string_view().data() == nullptr, true);
  std::printf("%.*s\n", 5, text.data() + 6);
  return probe::end();
}
