#include "../probe.h"
#include "flow.h"
int main() {
  SAME(flow::mean(std::vector{1, 2, 6}).value(), 3.0);
  SAME(flow::mean({}).error().fault, flow::Fault::empty);
  SAME(flow::mean(std::vector{1, -2}).error().said, "-2");
  THROWS(std::bad_expected_access<flow::Detail>, (void)flow::mean({}).value());
  auto shown = flow::mean(std::vector{2, 3}).transform([](double mean) { return std::format("{:.1f}", mean); });
  SAME(shown.value(), "2.5");
  auto said = flow::mean({}).transform_error([](flow::Detail detail) { return detail.said; });
  std::puts(said.error().c_str());
  return probe::end();
}
