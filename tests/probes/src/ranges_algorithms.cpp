#include "probe.h"
#include <algorithm>
#include <functional>
#include <ranges>
#include <string>
#include <vector>
struct Person { std::string name; int age; };
int main() {
  std::vector<Person> people{{"Ada", 36}, {"Grace", 85}, {"Barbara", 84}, {"Joan", 36}};
  std::ranges::stable_sort(people, {}, &Person::age);
  SAME(people[0].name, "Ada");
  SAME(people[1].name, "Joan");
  std::ranges::sort(people, std::ranges::greater(), &Person::name);
  SAME(people[0].name, "Joan");
  SAME(std::ranges::max(people, {}, &Person::age).name, "Grace");
  SAME(std::ranges::count(people, 36, &Person::age), 2);
  auto found = std::ranges::find(people, "Ada", &Person::name);
  SAME(found->age, 36);
  SAME(std::ranges::any_of(people, [](int age) { return age > 100; }, &Person::age), false);
  std::vector v{5, 1, 4, 2, 3};
  auto [least, most] = std::ranges::minmax(v);
  SAME(least * 10 + most, 15);
  std::ranges::nth_element(v, v.begin() + 2);
  SAME(v[2], 3);
  std::ranges::sort(v);
  SAME(std::ranges::binary_search(v, 4), true);
  SAME(*std::ranges::lower_bound(v, 3), 3);
  SAME(std::ranges::distance(std::ranges::equal_range(v, 2)), 1);
  auto [first, last] = std::ranges::remove_if(v, [](int n) { return n % 2 == 0; });
  v.erase(first, last);
  SAME(v == std::vector({1, 3, 5}), true);
  std::vector<int> out(6);
  auto result = std::ranges::merge(v, std::vector{2, 4, 6}, out.begin());
  SAME(result.out == out.end(), true);
  SAME(std::ranges::is_sorted(out), true);
  SAME(std::ranges::starts_with(out, std::vector{1, 2}), true);
  SAME(std::ranges::ends_with(out, std::vector{5, 6}), true);
  SAME(std::ranges::contains(out, 4), true);
  SAME(std::ranges::find_last(out, 6).begin() - out.begin(), 5);
  SAME(std::ranges::fold_left(out, 0, std::plus()), 21);
  SAME(std::ranges::equal(std::views::reverse(out), std::vector{6, 5, 4, 3, 2, 1}), true);
  SAME(std::ranges::lexicographical_compare(v, out), false);
  static_assert(std::same_as<decltype(std::ranges::find(std::vector<int>(), 1)), std::ranges::dangling>);
  std::ranges::rotate(out, out.begin() + 2);
  std::ranges::copy_if(out, v.begin(), [](int n) { return n > 4; });
  std::printf("%d %d %d\n", v[0], v[1], out[0]);
  return probe::end();
}
