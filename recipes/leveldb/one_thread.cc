#include <cstdio>
#include <cstdlib>
#include <queue>
#include <utility>

#include "port/port.h"

namespace leveldb {
namespace port {

namespace {

using Work = std::pair<void (*)(void*), void*>;

std::queue<Work>& Scheduled() {
  static std::queue<Work>* scheduled = new std::queue<Work>;
  return *scheduled;
}

int locks_held = 0;
bool in_background = false;

// True if something ran. What runs may schedule more, and that runs after it.
bool RunScheduled() {
  if (in_background || Scheduled().empty()) return false;
  in_background = true;
  while (!Scheduled().empty()) {
    Work work = Scheduled().front();
    Scheduled().pop();
    work.first(work.second);
  }
  in_background = false;
  return true;
}

[[noreturn]] void Deadlock(const char* what) {
  std::fprintf(stderr, "leveldb: deadlock: %s, and there is no other thread\n", what);
  std::abort();
}

}  // namespace

void RunLater(void (*function)(void*), void* argument) {
  Scheduled().emplace(function, argument);
  if (locks_held == 0) RunScheduled();
}

void Mutex::Lock() {
  if (held_) Deadlock("a mutex is locked that is held");
  held_ = true;
  ++locks_held;
}

void Mutex::Unlock() {
  held_ = false;
  if (--locks_held == 0) RunScheduled();
}

void CondVar::Wait() {
  mutex_->held_ = false;
  --locks_held;
  if (!RunScheduled()) Deadlock("a condition is waited for");
  mutex_->Lock();
}

}  // namespace port
}  // namespace leveldb
