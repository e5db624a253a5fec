#include "probe.h"
#include <bit>
#include <cstdint>
int main() {
  SAME(std::popcount(0xF0F0u), 8);
  SAME(std::countl_zero(std::uint8_t(1)), 7);
  SAME(std::countr_zero(8u), 3);
  SAME(std::countl_one(std::uint16_t(0xFF00)), 8);
  SAME(std::countr_one(7ull), 3);
  SAME(std::countl_zero(0ull), 64);
  SAME(std::bit_width(255u), 8);
  SAME(std::bit_ceil(17u), 32u);
  SAME(std::bit_floor(17u), 16u);
  SAME(std::has_single_bit(64u), true);
  SAME(std::rotl(std::uint8_t(0b10000001), 1), std::uint8_t(0b00000011));
  SAME(std::rotr(1u, 1), 0x80000000u);
  SAME(std::bit_cast<std::uint32_t>(1.0f), 0x3f800000u);
  SAME(std::byteswap(std::uint32_t(0x01020304)), std::uint32_t(0x04030201));
  SAME(std::byteswap(std::uint64_t(1)), std::uint64_t(1) << 56);
  static_assert(std::endian::native == std::endian::little);
  std::printf("%d\n", std::popcount(~0ull));
  return probe::end();
}
