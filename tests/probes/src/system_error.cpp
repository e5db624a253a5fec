#include "probe.h"
#include <cerrno>
#include <string>
#include <system_error>
enum class Door { closed = 1, locked };
struct Doors : std::error_category {
  const char *name() const noexcept override { return "doors"; }
  std::string message(int value) const override { return value == 1 ? "closed" : "locked"; }
  std::error_condition default_error_condition(int value) const noexcept override {
    return value == 2 ? std::make_error_condition(std::errc::permission_denied) : std::error_condition(value, *this);
  }
};
const Doors doors;
template <> struct std::is_error_code_enum<Door> : std::true_type {};
std::error_code make_error_code(Door door) { return {static_cast<int>(door), doors}; }
int main() {
  std::error_code code = Door::locked;
  SAME(code.message(), "locked");
  SAME(code == std::errc::permission_denied, true);
  SAME(std::error_code(Door::closed) == std::errc::permission_denied, false);
  SAME(code.category().name(), std::string_view("doors"));
  SAME(std::error_code().category() == std::system_category(), true);
  SAME(std::generic_category().name(), std::string_view("generic"));
  SAME(std::generic_category().message(ENOENT), "No such file or directory");
  SAME(std::error_code(ENOENT, std::system_category()) == std::errc::no_such_file_or_directory, true);
  SAME(std::make_error_condition(std::errc::io_error).value(), EIO);
  try {
    throw std::system_error(code, "the door");
  } catch (const std::system_error &error) {
    SAME(error.what(), std::string_view("the door: locked"));
    SAME(error.code() == code, true);
  }
  SAME(std::system_error(EACCES, std::generic_category()).what(), std::string_view("Permission denied"));
  SAME(std::error_code(Door::closed) < code, true);
  code.clear();
  SAME(bool(code), false);
  SAME(std::generic_category().message(99999).empty(), false);
  std::puts(std::make_error_code(std::errc::result_out_of_range).message().c_str());
  return probe::end();
}
