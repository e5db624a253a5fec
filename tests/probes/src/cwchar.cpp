#include "probe.h"
#include <climits>
#include <clocale>
#include <cstdlib>
#include <cuchar>
#include <cwchar>
#include <cwctype>
#include <string>
int main() {
  std::setlocale(LC_ALL, "");
  wchar_t text[32];
  SAME(std::swprintf(text, 32, L"%d %ls %s", 5, L"wïde", "narrow"), 13);
  SAME(std::wcscmp(text, L"5 wïde narrow"), 0);
  SAME(std::wcstol(L"-12rest", nullptr, 10), -12l);
  SAME(std::wcstod(L"2.5", nullptr), 2.5);
  SAME(std::wcschr(L"abc", L'b') != nullptr, true);
  SAME(static_cast<int>(std::towupper(L'ä')), static_cast<int>(L'Ä'));
  SAME(std::iswalpha(L'ж') != 0, true);
  std::mbstate_t state{};
  wchar_t one;
  SAME(std::mbrtowc(&one, "€", 3, &state), std::size_t(3));
  SAME(static_cast<unsigned>(one), 0x20ACu);
  char back[MB_LEN_MAX] = {};
  SAME(std::wcrtomb(back, L'é', &state), std::size_t(2));
  char16_t sixteen;
  SAME(std::mbrtoc16(&sixteen, "😀", 4, &state), std::size_t(4));
  SAME(static_cast<unsigned>(sixteen), 0xD83Du);
  SAME(std::wmemcmp(L"ab", L"ac", 2) < 0, true);
  wchar_t tokens[] = L"a,b", *rest;
  SAME(std::wcslen(std::wcstok(tokens, L",", &rest)), std::size_t(1));
  SAME(std::mbstowcs(nullptr, "añb", 0), std::size_t(3));
  std::printf("%ls\n", text);
  return probe::end();
}
