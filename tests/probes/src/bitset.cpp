#include "probe.h"
#include <bitset>
#include <sstream>
#include <string>
int main() {
  std::bitset<70> bits("1011");
  SAME(bits.count(), std::size_t(3));
  bits.set(69);
  SAME(bits.test(69), true);
  SAME((bits >> 66).to_ulong(), 8ul);
  SAME((bits << 1).to_string().substr(65), "10110");
  THROWS(std::overflow_error, (void)bits.to_ullong());
  THROWS(std::out_of_range, bits.set(70));
  THROWS(std::invalid_argument, std::bitset<4>("12"));
  SAME(std::bitset<8>(0b10101010).flip().to_ulong(), 0b01010101ul);
  SAME((std::bitset<4>(12) ^ std::bitset<4>(10)).to_string(), "0110");
  SAME(std::bitset<3>(7).all() && std::bitset<3>().none(), true);
  SAME(std::bitset<4>("xxyx", 4, 'x', 'y').to_ulong(), 2ul);
  std::istringstream in("110rest");
  std::bitset<5> read;
  in >> read;
  SAME(read.to_ulong(), 6ul);
  SAME(std::hash<std::bitset<5>>()(read) == std::hash<std::bitset<5>>()(std::bitset<5>(6)), true);
  read[0] = read[1];
  std::ostringstream out;
  out << read;
  std::puts(out.str().c_str());
  return probe::end();
}
