#include "probe.h"
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>
int main() {
  std::vector<int> v{1, 2, 3, 4};
  SAME(std::accumulate(v.begin(), v.end(), 1, std::multiplies<>()), 24);
  SAME(std::accumulate(v.begin(), v.end(), std::string(), [](std::string s, int n) { return s + std::to_string(n); }), "1234");
  SAME(std::reduce(v.begin(), v.end()), 10);
  SAME(std::inner_product(v.begin(), v.end(), v.begin(), 0), 30);
  SAME(std::transform_reduce(v.begin(), v.end(), 0, std::plus<>(), [](int n) { return n * n; }), 30);
  std::vector<int> out(4);
  std::partial_sum(v.begin(), v.end(), out.begin());
  SAME(out.back(), 10);
  std::exclusive_scan(v.begin(), v.end(), out.begin(), 0);
  SAME(out.back(), 6);
  std::inclusive_scan(v.begin(), v.end(), out.begin(), std::multiplies<>(), 1);
  SAME(out.back(), 24);
  std::adjacent_difference(out.begin(), out.end(), out.begin());
  SAME(out.back(), 18);
  SAME(std::gcd(48, -18), 6);
  SAME(std::lcm(4ll, 6ll), 12ll);
  SAME(std::midpoint(2147483647, 2147483645), 2147483646);
  SAME(std::midpoint(1.0, 2.0), 1.5);
  SAME(std::midpoint(&v[0], &v[3]) == &v[1], true);
  SAME(std::lerp(1.0, 3.0, 0.25), 1.5);
  SAME(std::numbers::pi > 3.14159 && std::numbers::pi < 3.1416, true);
  std::printf("%d\n", std::gcd(1071, 462));
  return probe::end();
}
