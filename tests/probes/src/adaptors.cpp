#include "probe.h"
#include <queue>
#include <stack>
#include <string>
#include <vector>
int main() {
  std::stack<std::string> stack;
  stack.push("a");
  stack.emplace(3, 'b');
  SAME(stack.top(), "bbb");
  stack.pop();
  SAME(stack.size(), std::size_t(1));
  std::queue<int> queue;
  for (int i = 0; i < 5; ++i)
    queue.push(i);
  queue.pop();
  SAME(queue.front() * 10 + queue.back(), 14);
  std::priority_queue<int> greatest(std::less<int>(), {3, 9, 4});
  SAME(greatest.top(), 9);
  std::priority_queue<std::pair<int, std::string>, std::vector<std::pair<int, std::string>>, std::greater<>> least;
  least.emplace(2, "b");
  least.emplace(1, "z");
  SAME(least.top().second, "z");
  std::stack<int, std::vector<int>> over(std::vector{1, 2});
  SAME(over.top(), 2);
  SAME((over == std::stack<int, std::vector<int>>(std::vector{1, 2})), true);
  while (!greatest.empty()) {
    std::printf("%d ", greatest.top());
    greatest.pop();
  }
  std::puts("");
  return probe::end();
}
