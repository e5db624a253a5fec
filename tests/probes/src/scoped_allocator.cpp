#include "probe.h"
#include <scoped_allocator>
#include <string>
#include <vector>
template <class T> struct Tagged {
  using value_type = T;
  int tag;
  explicit Tagged(int tag) : tag(tag) {}
  template <class U> Tagged(const Tagged<U> &other) : tag(other.tag) {}
  T *allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T *p, std::size_t n) { std::allocator<T>().deallocate(p, n); }
  bool operator==(const Tagged &) const = default;
};
using Text = std::basic_string<char, std::char_traits<char>, Tagged<char>>;
using Texts = std::vector<Text, std::scoped_allocator_adaptor<Tagged<Text>>>;
int main() {
  Texts texts(std::scoped_allocator_adaptor<Tagged<Text>>(Tagged<Text>(7)));
  texts.emplace_back("first");
  texts.push_back(Text("second", Tagged<char>(1)));
  texts.resize(3, Text(Tagged<char>(2)));
  for (auto &each : texts)
    SAME(each.get_allocator().tag, 7);
  using Two = std::scoped_allocator_adaptor<Tagged<Text>, Tagged<char>>;
  std::vector<Text, Two> two(Two(Tagged<Text>(1), Tagged<char>(5)));
  two.emplace_back("x");
  SAME(two[0].get_allocator().tag, 5);
  SAME(two.get_allocator().outer_allocator().tag, 1);
  std::printf("%s\n", texts[1].c_str());
  return probe::end();
}
