#include "probe.h"
#include <codecvt>
#include <locale>
#include <string>
int main() {
  std::wstring_convert<std::codecvt_utf8<wchar_t>> utf8;
  SAME(utf8.from_bytes("aé€😀") == L"aé€😀", true);
  SAME(utf8.to_bytes(L"ключ"), "ключ");
  std::wstring_convert<std::codecvt_utf8_utf16<char16_t>, char16_t> utf16;
  std::u16string pair = utf16.from_bytes("😀");
  SAME(pair.size(), std::size_t(2));
  SAME(static_cast<int>(pair[0]), 0xD83D);
  SAME(utf16.to_bytes(pair), "😀");
  THROWS(std::range_error, utf8.from_bytes("\xff\xfe"));
  std::wstring_convert<std::codecvt_utf8<wchar_t>> tolerant("bad", L"bad");
  SAME(tolerant.from_bytes("\xff") == L"bad", true);
  using Facet = std::codecvt<char32_t, char, std::mbstate_t>;
  const auto &facet = std::use_facet<Facet>(std::locale::classic());
  std::mbstate_t state{};
  const char *from = "a€", *next;
  char32_t to[4], *to_next;
  SAME(facet.in(state, from, from + 4, next, to, to + 4, to_next) == std::codecvt_base::ok, true);
  SAME(static_cast<unsigned>(to[1]), 0x20ACu);
  SAME(facet.in(state, from, from + 3, next, to, to + 4, to_next) == std::codecvt_base::partial, true);
  SAME(next - from, 1);
  SAME(facet.max_length(), 4);
  const auto &wide = std::use_facet<std::codecvt<wchar_t, char, std::mbstate_t>>(std::locale::classic());
  SAME(wide.always_noconv(), false);
  std::printf("%d %d\n", static_cast<int>(std::u32string(U"é😀").size()), facet.encoding());
  return probe::end();
}
