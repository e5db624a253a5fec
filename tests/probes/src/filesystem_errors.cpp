#include "probe.h"
#include <filesystem>
#include <fstream>
namespace fs = std::filesystem;
int main() {
  std::error_code error;
  SAME(fs::file_size("/none", error), static_cast<std::uintmax_t>(-1));
  SAME(error == std::errc::no_such_file_or_directory, true);
  SAME(error.message(), "No such file or directory");
  THROWS(fs::filesystem_error, (void)fs::file_size("/none"));
  try {
    fs::rename("/from", "/to");
  } catch (const fs::filesystem_error &failure) {
    SAME(failure.path1().string(), "/from");
    SAME(failure.path2().string(), "/to");
    SAME(failure.code().value(), ENOENT);
    SAME(std::string_view(failure.what()).find("/from") != std::string_view::npos, true);
  }
  std::ofstream("/plain") << "x";
  SAME(fs::create_directory("/plain/below", error), false);
  SAME(error == std::errc::not_a_directory, true);
  fs::create_directories("/full/inner");
  SAME(fs::remove("/full", error), false);
  SAME(error == std::errc::directory_not_empty, true);
  fs::directory_iterator nothing("/none", error);
  SAME(nothing == fs::directory_iterator(), true);
  SAME(bool(error), true);
  THROWS(fs::filesystem_error, fs::recursive_directory_iterator("/none"));
  SAME(fs::copy_file("/plain", "/copy", error), true);
  SAME(fs::copy_file("/plain", "/copy", error), false);
  SAME(error == std::errc::file_exists, true);
  SAME(fs::copy_file("/plain", "/copy", fs::copy_options::skip_existing), false);
  SAME(fs::copy_file("/plain", "/copy", fs::copy_options::overwrite_existing), true);
  fs::create_symlink("/loop", "/loop", error);
  if (!error) {
    SAME(fs::exists("/loop", error), false);
    SAME(bool(error), true);
  }
  SAME(fs::exists("/plain", error), true);
  SAME(bool(error), false);
  std::puts(std::make_error_code(std::errc::not_a_directory).message().c_str());
  return probe::end();
}
