#include "flow.h"
#include "parts.h"
#include <numeric>
#include <stdexcept>

namespace flow {
Sequence<std::string> lines(std::string text) {
  Closing closing;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != text.npos; start = end + 1) {
    if (end == start)
      throw std::length_error("an empty line");
    co_yield text.substr(start, end - start);
  }
}

std::expected<double, Detail> mean(std::span<const int> numbers) {
  if (numbers.empty())
    return std::unexpected(Detail{Fault::empty, "nothing to take the mean of, and a long text"});
  for (int each : numbers)
    if (each < 0)
      return std::unexpected(Detail{Fault::negative, std::to_string(each)});
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

std::string price(Money money) { return std::format("[{:e}]", money); }
std::string joined(std::span<const Money> all) {
  std::string text;
  for (Money each : all)
    std::format_to(std::back_inserter(text), "{} ", each);
  return text;
}

std::string name_of(int which) {
  try {
    return std::visit([](const auto &value) -> std::string {
      if constexpr (requires { value.name(); })
        return value.name();
      else
        return std::format("{}", value);
    }, parts::one_of(which)) + (which == 9 ? std::any_cast<std::string>(parts::boxed(0)) : "");
  } catch (const std::bad_any_cast &error) {
    return error.what();
  }
}
void through(void (*call)()) {
  Closing closing;
  call();
}
} // namespace flow
