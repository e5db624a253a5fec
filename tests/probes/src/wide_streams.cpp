#include "probe.h"
#include <cwchar>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
int main() {
  std::wostringstream out;
  out << L"wide " << std::setw(5) << std::setfill(L'_') << 42 << L' ' << 1.5 << ' ' << "narrow";
  SAME(out.str() == L"wide ___42 1.5 narrow", true);
  std::wistringstream in(L"7 ключ 0x10");
  int number, hex;
  std::wstring word;
  in >> number >> word >> std::hex >> hex;
  SAME(number, 7);
  SAME(word == L"ключ", true);
  SAME(hex, 16);
  std::wstring wide = std::to_wstring(3.25);
  SAME(wide == L"3.250000", true);
  SAME(std::stoi(L"-17"), -17);
  SAME(std::wstring_view(L"abc").find(L'c'), std::size_t(2));
  {
    std::wofstream file("/w.txt");
    file << L"plain text " << 5 << L'\n';
  }
  std::wifstream file("/w.txt");
  std::wstring line;
  std::getline(file, line);
  SAME(line == L"plain text 5", true);
  SAME(std::wcslen(L"äöü"), std::size_t(3));
  std::wcout << L"wide out" << std::endl;
  return probe::end();
}
