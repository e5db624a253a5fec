// What C++ programs do most, each load some ten milliseconds of it: throw, allocate and format, sort.
#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "cxx.h"

namespace {

unsigned state;
unsigned next() { return (state = state * 1664525u + 1013904223u) >> 8; }

int checked(int value) {
  std::string kept(20, 'x');  // something to destroy on the way
  if (value % 25 == 0) throw std::out_of_range("a multiple");
  return value + static_cast<int>(kept.size());
}

long throws() {
  long sum = 0;
  for (int i = 1; i < 60000; i++) {
    try {
      sum += checked(i);
    } catch (const std::exception &error) {
      sum -= error.what()[0];
    }
  }
  return sum;
}

long allocates_and_formats() {
  std::map<std::string, std::shared_ptr<std::string>> all;
  std::ostringstream text;
  for (int i = 0; i < 4000; i++) {
    text.str("");
    text << "item " << next() % 5000 << ' ' << i * 0.25 << ' ' << std::hex << i << std::dec;
    all[text.str()] = std::make_shared<std::string>(std::to_string(i));
  }
  long sum = 0;
  for (const auto &[name, value] : all) sum += static_cast<long>(name.size() + value->size());
  return sum;
}

long sorts() {
  std::vector<std::string> words;
  std::unordered_map<std::string, int> counts;
  for (int i = 0; i < 20000; i++) words.push_back("word" + std::to_string(next() % 9000));
  for (const auto &word : words) counts[word]++;
  std::sort(words.begin(), words.end(), [&](const auto &a, const auto &b) {
    int one = counts[a], other = counts[b];
    return one != other ? one > other : a < b;
  });
  return words[0][4] + static_cast<long>(counts.size());
}

}  // namespace

extern "C" int perform(int load) {
  state = 7;
  return static_cast<int>(load == 0 ? throws() : load == 1 ? allocates_and_formats() : sorts());
}

// Thrown and caught in one library, and thrown in the other one.
extern "C" int catches(int times, int across) {
  int sum = 0;
  for (int i = 0; i < times; i++) {
    try {
      across ? thrown_there(i) : thrown_here(i);
    } catch (const Failure &failure) {
      sum += failure.code & 1;
    }
  }
  return sum;
}

[[gnu::noinline]] void thrown_here(int code) { throw Failure(code); }
