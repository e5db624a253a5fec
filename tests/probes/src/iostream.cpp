#include "probe.h"
#include <iostream>
#include <limits>
#include <sstream>
int main() {
  SAME(std::cin.tie(), static_cast<std::ostream *>(&std::cout));
  SAME(bool(std::cerr.flags() & std::ios::unitbuf), true);
  int number = 0;
  char letter = 0;
  std::string word, line;
  std::cin >> number >> std::ws >> letter >> word;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  std::getline(std::cin, line);
  SAME(number, -42);
  SAME(letter, 'x');
  SAME(word, "yz");
  SAME(line, "  a whole line ");
  std::cin >> number;
  SAME(std::cin.fail(), true);
  SAME(std::cin.eof(), false);
  SAME(number, 0);
  std::cin.clear();
  std::cin >> word;
  SAME(word, "end");
  SAME(bool(std::cin >> word), false);
  SAME(std::cin.eof(), true);
  std::ostringstream captured;
  std::streambuf *before = std::cout.rdbuf(captured.rdbuf());
  std::cout << 1 << ' ' << 2.5 << ' ' << true << ' ' << static_cast<void *>(nullptr) << " é";
  std::cout.rdbuf(before);
  SAME(captured.str(), "1 2.5 1 0 é"); // a null pointer is what libc's printf makes of it
  std::clog << "";
  std::cout << "read " << word << std::endl;
  return probe::end();
}
