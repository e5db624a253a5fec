#include "probe.h"
#include <iterator>
#include <regex>
#include <string>
#include <vector>
int main() {
  std::smatch found;
  std::string text = "on 2024-02-29 and 1999-12-31";
  std::regex date(R"((\d{4})-(\d\d)-(\d\d))");
  SAME(std::regex_search(text, found, date), true);
  SAME(found.size(), std::size_t(4));
  SAME(found[1].str(), "2024");
  SAME(found.prefix().str(), "on ");
  SAME(found.position(3), 11);
  SAME(std::regex_match(text, date), false);
  std::vector<std::string> years;
  for (std::sregex_iterator it(text.begin(), text.end(), date), end; it != end; ++it)
    years.push_back((*it)[1]);
  SAME(years.size(), std::size_t(2));
  SAME(years.back(), "1999");
  SAME(std::regex_replace(text, date, "$3.$2.$1"), "on 29.02.2024 and 31.12.1999");
  SAME(std::regex_replace(text, date, "[$&]", std::regex_constants::format_first_only), "on [2024-02-29] and 1999-12-31");
  std::regex comma(",");
  std::string list = "a,,b";
  std::vector<std::string> parts(std::sregex_token_iterator(list.begin(), list.end(), comma, -1), {});
  SAME(parts.size(), std::size_t(3));
  SAME(std::regex_match("HeLLo", std::regex("hello", std::regex::icase)), true);
  SAME(std::regex_match("abab", std::regex(R"((ab)\1)")), true);
  SAME(std::regex_search("foobar", std::regex("foo(?=bar)")), true);
  SAME(std::regex_search("foobaz", std::regex("foo(?!baz)")), false);
  SAME(std::regex_match("a+b", std::regex("a+b", std::regex::basic)), true);
  SAME(std::regex_match("aab", std::regex("a+b", std::regex::extended)), true);
  SAME(std::regex_match("x9", std::regex("[[:alpha:]][[:digit:]]")), true);
  SAME(std::regex_match(L"äb", std::wregex(L"ä.")), true);
  SAME(std::regex_match("aaa", std::regex("a{2,3}?")), true);
  THROWS(std::regex_error, std::regex("(unclosed"));
  try {
    std::regex bad("[z-a]");
  } catch (const std::regex_error &error) {
    SAME(error.code() == std::regex_constants::error_range, true);
  }
  std::cmatch chars;
  std::regex_search("key = value", chars, std::regex(R"((\w+)\s*=\s*(\w+))"));
  std::printf("%s\n", chars.format("$2=$1").c_str());
  return probe::end();
}
