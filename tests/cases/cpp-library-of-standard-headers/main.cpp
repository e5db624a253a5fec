#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <expected>
#include <filesystem>
#include <format>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <locale>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <print>
#include <random>
#include <ranges>
#include <regex>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <system_error>
#include <unordered_map>
#include <variant>
#include <vector>
namespace fs = std::filesystem;
int main() {
  int number; std::string word;
  std::cin >> number >> word;
  std::cout << "read: " << number << ' ' << word << '\n';
  std::cout << std::setw(8) << std::setfill('.') << std::fixed << std::setprecision(2) << 3.14159 << std::hex << ' ' << 255 << std::dec << '\n';
  std::map<std::string, std::vector<int>> lists{{"b", {3, 1, 2}}, {"a", {}}};
  std::ranges::sort(lists["b"]);
  for (auto &[name, list] : lists) std::cout << name << ":" << list.size() << ' ';
  std::cout << std::accumulate(lists["b"].begin(), lists["b"].end(), 0) << '\n';
  std::println("{:>6}|{:<6}|{:^6}|{:#x}|{:.3f}", "right", "left", "mid", 48879, 2.0 / 3);
  std::cout << std::format("{} {:%F}\n", std::string(3, 'z'), std::chrono::sys_days{std::chrono::year{2024} / 2 / 29});
  std::smatch found; std::string text = "key = value";
  if (std::regex_match(text, found, std::regex(R"((\w+)\s*=\s*(\w+))"))) std::cout << found[1] << "->" << found[2] << '\n';
  fs::create_directories("/d/e");
  std::ofstream("/d/e/f.txt") << "contents\n";
  fs::copy_file("/d/e/f.txt", "/d/g.txt");
  std::vector<std::string> names;
  for (auto &entry : fs::recursive_directory_iterator("/d")) names.push_back(entry.path().string());
  std::ranges::sort(names);
  for (auto &name : names) std::cout << name << ' ';
  std::cout << fs::file_size("/d/g.txt") << ' ' << fs::remove_all("/d") << '\n';
  std::error_code error;
  fs::file_size("/none", error);
  std::cout << error.message() << '\n';
  try { fs::file_size("/none"); } catch (const fs::filesystem_error &e) { std::cout << (e.code() == std::errc::no_such_file_or_directory) << '\n'; }
  double parsed = 0; std::from_chars("2.5e3", "2.5e3" + 5, parsed); std::cout << parsed << '\n';
  char buffer[32]; auto end = std::to_chars(buffer, buffer + 32, 0.1).ptr; std::cout << std::string(buffer, end) << '\n';
  std::mt19937 random(5); std::cout << random() << '\n';
  std::expected<int, std::string> nothing = std::unexpected("none"); std::cout << nothing.value_or(4) << nothing.error() << '\n';
  std::variant<int, std::string> either = "text"; std::cout << std::get<std::string>(either) << either.index() << '\n';
  for (int i : std::views::iota(1, 6) | std::views::filter([](int i) { return i % 2; })) std::cout << i;
  std::cout << '\n' << std::boolalpha << (std::make_shared<int>(3).use_count() == 1) << '\n';
  std::unordered_map<std::string, int> counts; ++counts["x"]; std::cout << counts.at("x") << '\n';
  try { counts.at("y"); } catch (const std::out_of_range &) { std::cout << "out of range\n"; }
  try { std::stoi("word"); } catch (const std::invalid_argument &e) { std::cout << e.what() << '\n'; }
  std::ostringstream money; money.imbue(std::locale::classic()); money << std::put_money("1234"); std::cout << money.str() << '\n';
  std::cout << std::stoi("77") + std::stod("0.5") << ' ' << std::u8string(u8"ä").size() << std::endl;
}
