#include "probe.h"
#include <concepts>
#include <functional>
#include <string>
#include <vector>
template <std::integral T> std::string kind(T) { return "integral"; }
template <std::floating_point T> std::string kind(T) { return "floating"; }
template <class T> requires std::invocable<T> std::string kind(T call) { return "call " + kind(call()); }
template <class T> concept Container = requires(T t) {
  typename T::value_type;
  { t.size() } -> std::convertible_to<std::size_t>;
};
std::string kind(const Container auto &value) { return "container of " + kind(typename std::decay_t<decltype(value)>::value_type()); }
int main() {
  SAME(kind(1), "integral");
  SAME(kind(1.5f), "floating");
  SAME(kind([] { return 'c'; }), "call integral");
  SAME(kind(std::vector<double>()), "container of floating");
  static_assert(std::same_as<int, int> && !std::same_as<int, const int>);
  static_assert(std::derived_from<std::string, std::string> && std::regular<std::string>);
  static_assert(std::totally_ordered<int> && std::swappable<std::string> && std::predicate<std::less<>, int, int>);
  static_assert(std::movable<std::vector<int>> && std::default_initializable<int> && !std::copyable<std::vector<int> &>);
  static_assert(std::assignable_from<double &, int> && std::constructible_from<std::string, const char *>);
  static_assert(std::common_reference_with<int &, long> && std::relation<std::equal_to<>, int, long>);
  std::puts(kind(std::string()).c_str());
  return probe::end();
}
