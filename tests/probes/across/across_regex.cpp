#include "../probe.h"
#include "parts.h"
int main() {
  std::regex pattern = parts::pattern();
  std::string text = "mail Ada@Example.ORG or joan@sample.org";
  std::smatch found;
  SAME(std::regex_search(text, found, pattern), true);
  SAME(parts::matched(found), "Example/Ada");
  SAME(std::regex_replace(text, pattern, "<$2>"), "mail <Example> or <sample>");
  SAME(pattern.mark_count(), 2u);
  std::regex ours("joan@(\\w)(\\w+)");
  swap(ours, pattern);
  SAME(std::regex_search(text, found, pattern), true);
  std::puts(parts::matched(found).c_str());
  return probe::end();
}
