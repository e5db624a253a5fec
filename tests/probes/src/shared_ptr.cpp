#include "probe.h"
#include <memory>
#include <string>
struct Node : std::enable_shared_from_this<Node> {
  static inline int alive = 0;
  std::weak_ptr<Node> parent;
  std::shared_ptr<Node> child;
  int value = 5;
  Node() { ++alive; }
  ~Node() { --alive; }
};
struct Base { virtual ~Base() = default; };
struct Derived : Base { int value = 7; };
int main() {
  {
    auto node = std::make_shared<Node>();
    node->child = std::make_shared<Node>();
    node->child->parent = node;
    SAME(node.use_count(), 1l);
    SAME(node->child->parent.lock() == node, true);
    auto self = node->shared_from_this();
    SAME(node.use_count(), 2l);
    std::shared_ptr<int> value(node, &node->value);
    node.reset();
    self.reset();
    SAME(*value, 5);
    SAME(Node::alive, 2);
    std::weak_ptr<int> weak = value;
    SAME(weak.expired(), false);
    value.reset();
    SAME(weak.lock() == nullptr, true);
    THROWS(std::bad_weak_ptr, std::shared_ptr<int> dead(weak));
  }
  SAME(Node::alive, 0);
  Node on_the_stack;
  THROWS(std::bad_weak_ptr, on_the_stack.shared_from_this());
  std::shared_ptr<Base> base = std::make_shared<Derived>();
  SAME(std::dynamic_pointer_cast<Derived>(base)->value, 7);
  SAME(std::static_pointer_cast<Derived>(base).use_count(), 2l);
  int deleted = 0;
  {
    std::shared_ptr<void> p(new int(1), [&](int *n) { deleted += *n, delete n; });
    SAME(std::get_deleter<int>(p) == nullptr, true);
    auto copy = p;
  }
  SAME(deleted, 1);
  auto array = std::make_shared<int[]>(4, 9);
  SAME(array[3], 9);
  std::shared_ptr<int> a = std::make_shared<int>(1), b = a, c;
  SAME(a.owner_before(b) || b.owner_before(a), false);
  c.swap(b);
  SAME(std::hash<std::shared_ptr<int>>()(a) == std::hash<int *>()(a.get()), true);
  std::printf("%ld\n", a.use_count());
  return probe::end();
}
