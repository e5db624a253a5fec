// What the library `flow` gives out, in C++23; it uses `parts`.
#pragma once
#include <coroutine>
#include <exception>
#include <expected>
#include <format>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace flow {
template <class T> struct Sequence {
  struct promise_type {
    const T *current = nullptr;
    Sequence get_return_object() { return Sequence(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(const T &value) { return current = &value, std::suspend_always(); }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  explicit Sequence(std::coroutine_handle<promise_type> handle) : handle(handle) {}
  Sequence(Sequence &&other) : handle(std::exchange(other.handle, {})) {}
  ~Sequence() { handle ? handle.destroy() : void(); }
  const T *next() { return handle.resume(), handle.done() ? nullptr : handle.promise().current; }

private:
  std::coroutine_handle<promise_type> handle;
};
struct Closing { // counts what coroutines have alive in their frames
  static inline int alive = 0;
  Closing() { ++alive; }
  ~Closing() { --alive; }
};
Sequence<std::string> lines(std::string text);

enum class Fault { empty, negative };
struct Detail {
  Fault fault;
  std::string said;
};
std::expected<double, Detail> mean(std::span<const int> numbers);

struct Money {
  long cents;
};
std::string price(Money money);
std::string joined(std::span<const Money> all);

std::string name_of(int which); // calls parts, and catches what comes from there
void through(void (*call)());
} // namespace flow

template <> struct std::formatter<flow::Money> {
  char sign = '$';
  constexpr auto parse(std::format_parse_context &context) {
    auto it = context.begin();
    if (it != context.end() && *it == 'e')
      sign = 'E', ++it;
    return it;
  }
  auto format(flow::Money money, auto &context) const {
    return std::format_to(context.out(), "{}{}.{:02}", sign, money.cents / 100, money.cents % 100);
  }
};
