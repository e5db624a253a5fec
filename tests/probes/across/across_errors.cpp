#include "../probe.h"
#include "parts.h"
int main() {
  std::error_code code = parts::fault();
  SAME(code.category() == parts::category(), true);
  SAME(code == std::errc::no_such_file_or_directory, true);
  SAME(code == std::error_code(3, std::generic_category()), false);
  SAME(code.message(), "part 3 is missing");
  try {
    throw std::system_error(code, "checking");
  } catch (const std::system_error &error) {
    SAME(error.code() == code, true);
  }
  SAME(std::generic_category() == std::make_error_code(std::errc::io_error).category(), true);
  std::puts(std::system_error(code).what());
  return probe::end();
}
