#include "probe.h"
#include <string>
#include <unordered_map>
#include <unordered_set>
struct Key { int a, b; bool operator==(const Key &) const = default; };
template <> struct std::hash<Key> { std::size_t operator()(const Key &key) const { return key.a * 31u + key.b; } };
struct Bad { std::size_t operator()(int) const { return 1; } };
struct Transparent {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
int main() {
  std::unordered_map<std::string, int> counts;
  for (const char *word : {"a", "b", "a", "c", "a"})
    ++counts[word];
  SAME(counts["a"], 3);
  SAME(counts.size(), std::size_t(3));
  THROWS(std::out_of_range, counts.at("z"));
  SAME(counts.erase("b"), std::size_t(1));
  std::unordered_map<Key, int> own{{{1, 2}, 3}};
  SAME((own.at({1, 2})), 3);
  std::unordered_set<int, Bad> colliding;
  for (int i = 0; i < 200; ++i)
    colliding.insert(i);
  SAME(colliding.size(), std::size_t(200));
  SAME(colliding.bucket_size(colliding.bucket(0)), std::size_t(200));
  std::unordered_set<int> many;
  many.max_load_factor(0.5f);
  for (int i = 0; i < 5000; ++i)
    many.insert(i * i);
  SAME(many.size(), std::size_t(5000));
  SAME(many.load_factor() <= 0.5f, true);
  const int &kept = *many.find(49);
  many.rehash(100000);
  SAME(&kept, &*many.find(49));
  SAME(many.bucket_count() >= 100000, true);
  std::unordered_multimap<int, int> multi{{1, 1}, {1, 2}, {2, 3}};
  SAME(multi.count(1), std::size_t(2));
  std::unordered_multiset<int> bag{4, 4, 5};
  SAME((bag == std::unordered_multiset<int>{5, 4, 4}), true);
  std::unordered_set<std::string, Transparent, std::equal_to<>> heterogeneous{"view"};
  SAME(heterogeneous.contains(std::string_view("view")), true);
  SAME(std::hash<double>()(0.0) == std::hash<double>()(-0.0), true);
  auto node = counts.extract("a");
  node.key() = "moved";
  counts.insert(std::move(node));
  std::printf("%d\n", counts.at("moved"));
  return probe::end();
}
