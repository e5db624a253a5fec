#include "probe.h"
#include <string>
#include <variant>
#include <vector>
template <class... F> struct overloaded : F... { using F::operator()...; };
template <class... F> overloaded(F...) -> overloaded<F...>;
struct Thrower { Thrower() = default; Thrower(const Thrower &) { throw 1; } };
struct Node;
using Tree = std::variant<int, std::vector<Node>>;
struct Node { Tree tree; };
int sum(const Node &node) {
  return std::visit(overloaded{[](int n) { return n; },
                               [](const std::vector<Node> &nodes) {
                                 int all = 0;
                                 for (auto &each : nodes)
                                   all += sum(each);
                                 return all;
                               }},
                    node.tree);
}
int main() {
  std::variant<int, std::string> v = "text";
  SAME(v.index(), std::size_t(1));
  SAME(std::get<std::string>(v), "text");
  THROWS(std::bad_variant_access, std::get<int>(v));
  SAME(std::get_if<int>(&v) == nullptr, true);
  v = 5;
  SAME(std::holds_alternative<int>(v), true);
  v.emplace<1>(3, 'x');
  SAME(std::get<1>(v), "xxx");
  std::variant<std::monostate, int> empty;
  SAME(empty.index(), std::size_t(0));
  std::variant<int, Thrower> broken = 1;
  Thrower thrower;
  THROWS(int, broken.emplace<Thrower>(thrower));
  SAME(broken.valueless_by_exception(), true);
  THROWS(std::bad_variant_access, std::visit([](auto &) {}, broken));
  SAME(sum(Node{std::vector{Node{1}, Node{std::vector{Node{2}, Node{3}}}}}), 6);
  std::variant<int, double> a = 1, b = 2.5;
  SAME(std::visit([](auto x, auto y) { return x + static_cast<double>(y); }, a, b), 3.5);
  SAME(a < b, true);
  SAME((std::hash<std::variant<int, double>>()(a) == std::hash<std::variant<int, double>>()(1)), true);
  std::swap(a, b);
  std::printf("%.1f\n", std::get<double>(a));
  return probe::end();
}
