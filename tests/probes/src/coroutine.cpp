#include "probe.h"
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
template <class T> struct Sequence {
  struct promise_type {
    static inline int alive = 0;
    std::optional<T> current;
    std::exception_ptr error;
    promise_type() { ++alive; }
    ~promise_type() { --alive; }
    Sequence get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T value) { return current = std::move(value), std::suspend_always(); }
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }
  };
  std::coroutine_handle<promise_type> handle;
  Sequence(std::coroutine_handle<promise_type> handle) : handle(handle) {}
  Sequence(Sequence &&other) : handle(std::exchange(other.handle, {})) {}
  ~Sequence() {
    if (handle)
      handle.destroy();
  }
  bool next() {
    handle.resume();
    if (handle.promise().error)
      std::rethrow_exception(handle.promise().error);
    return !handle.done();
  }
  T &value() { return *handle.promise().current; }
};
Sequence<std::string> words(int n) {
  auto kept = std::make_shared<std::string>("word ");
  for (int i = 0; i < n; ++i)
    co_yield *kept + std::to_string(i);
  if (n > 2)
    throw std::length_error("too many");
}
struct Task {
  struct promise_type {
    int value = 0;
    std::coroutine_handle<> waiting = std::noop_coroutine();
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept { return done.promise().waiting; }
        void await_resume() noexcept {}
      };
      return Resume();
    }
    void return_value(int n) { value = n; }
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) { return handle.promise().waiting = waiting, handle; }
  int await_resume() {
    int value = handle.promise().value;
    handle.destroy();
    return value;
  }
};
Task sum(int n) {
  if (n == 0)
    co_return 0;
  co_return n + co_await sum(n - 1);
}
int main() {
  {
    auto sequence = words(2);
    SAME(sequence.next(), true);
    SAME(sequence.value(), "word 0");
    SAME(sequence.next(), true);
    SAME(sequence.next(), false);
    auto abandoned = words(5);
    abandoned.next();
  }
  SAME(Sequence<std::string>::promise_type::alive, 0);
  auto many = words(3);
  THROWS(std::length_error, while (many.next()));
  Task task = sum(100);
  task.handle.resume();
  SAME(task.handle.done(), true);
  std::printf("%d\n", task.await_resume());
  return probe::end();
}
