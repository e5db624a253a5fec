// What C++ programs do over libraries: parse JSON, throw and catch.
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace {

long json() {
  static std::string text;
  if (text.empty()) {
    auto all = nlohmann::json::array();
    for (int i = 0; i < 3000; i++)
      all.push_back({{"id", i}, {"name", "item " + std::to_string(i)}, {"price", i * 0.25}, {"tags", {"a", "b", i % 7}}});
    text = all.dump();
  }
  long sum = 0;
  for (int turn = 0; turn < 4; turn++)
    for (const auto &each : nlohmann::json::parse(text))
      sum += each["id"].get<int>() + static_cast<long>(each["name"].get_ref<const std::string &>().size());
  return sum;
}

int checked(int value) {
  if (value % 10 == 0) throw std::out_of_range("a multiple");
  return value;
}

long exceptions() {
  long sum = 0;
  for (int i = 1; i < 100000; i++) {
    try {
      sum += checked(i);
    } catch (const std::exception &error) {
      sum -= error.what()[0];
    }
  }
  return sum;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) long perform_cxx(int load) { return load ? exceptions() : json(); }
