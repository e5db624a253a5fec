#include "../probe.h"
#include "flow.h"
int main() {
  SAME(flow::price({1234}), "[E12.34]");
  SAME(std::format("{}", flow::Money{5}), "$0.05");
  std::vector<flow::Money> all{{100}, {250}};
  SAME(flow::joined(all), "$1.00 $2.50 ");
  SAME(std::format("{}", all), "[$1.00, $2.50]");
  flow::Money money{1};
  THROWS(std::format_error, (void)std::vformat("{:x}", std::make_format_args(money)));
  std::puts(std::format("{:e}|{}", flow::Money{700}, flow::price({1})).c_str());
  return probe::end();
}
