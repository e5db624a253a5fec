#include "probe.h"
#include <array>
#include <mdspan>
#include <vector>
int main() {
  std::vector<int> data(12);
  for (int i = 0; i < 12; ++i)
    data[i] = i;
  std::mdspan matrix(data.data(), 3, 4);
  SAME((matrix[1, 2]), 6);
  SAME(matrix.rank(), std::size_t(2));
  SAME(matrix.extent(1), std::size_t(4));
  SAME(matrix.size(), std::size_t(12));
  SAME(matrix.stride(0), std::size_t(4));
  std::mdspan<int, std::extents<int, 3, std::dynamic_extent>, std::layout_left> column(data.data(), 4);
  SAME((column[2, 1]), 5);
  SAME(column.static_extent(0), std::size_t(3));
  std::array<int, 2> at{2, 3};
  SAME(matrix[at], 11);
  std::layout_stride::mapping strided(std::extents<int, 2, 2>(), std::array<int, 2>{8, 2});
  std::mdspan corners(data.data(), strided);
  SAME((corners[1, 1]), 10);
  SAME(corners.is_exhaustive(), false);
  matrix[0, 0] = 100;
  SAME(data[0], 100);
  std::mdspan<int, std::dextents<unsigned, 3>> cube(data.data(), 2, 3, 2);
  SAME((cube[1, 2, 1]), 11);
  SAME(sizeof(std::mdspan<int, std::extents<int, 2, 2>>), sizeof(int *));
  std::printf("%d\n", matrix[2, 0]);
  return probe::end();
}
