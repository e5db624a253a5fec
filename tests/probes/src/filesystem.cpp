#include "probe.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
namespace fs = std::filesystem;
int main() {
  fs::path path = "/a/b/../c.tar.gz";
  SAME(path.filename().string(), "c.tar.gz");
  SAME(path.stem().string(), "c.tar");
  SAME(path.extension().string(), ".gz");
  SAME(path.parent_path().string(), "/a/b/..");
  SAME(path.lexically_normal().string(), "/a/c.tar.gz");
  SAME(fs::path("/a/d").lexically_relative("/a/b/c").string(), "../../d");
  SAME((fs::path("a") / "b" / "/c").string(), "/c");
  SAME(fs::path("a/b").replace_extension("txt").string(), "a/b.txt");
  SAME(std::distance(path.begin(), path.end()), 5);
  SAME(fs::create_directories("/d/e/f"), true);
  SAME(fs::create_directories("/d/e/f"), false);
  std::ofstream("/d/one.txt") << "12345";
  SAME(fs::file_size("/d/one.txt"), std::uintmax_t(5));
  fs::resize_file("/d/one.txt", 3);
  SAME(fs::file_size("/d/one.txt"), std::uintmax_t(3));
  SAME(fs::is_directory("/d/e"), true);
  SAME(fs::status("/d/none").type() == fs::file_type::not_found, true);
  fs::copy("/d/one.txt", "/d/e/two.txt");
  fs::create_hard_link("/d/one.txt", "/d/e/three.txt");
  SAME(fs::equivalent("/d/one.txt", "/d/e/three.txt"), true);
  SAME(fs::hard_link_count("/d/one.txt"), std::uintmax_t(2));
  fs::create_symlink("one.txt", "/d/link");
  SAME(fs::is_symlink("/d/link"), true);
  SAME(fs::read_symlink("/d/link").string(), "one.txt");
  fs::rename("/d/e/two.txt", "/d/e/f/renamed");
  std::set<std::string> names;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator("/d"))
    names.insert(entry.path().string());
  SAME(names.size(), std::size_t(6));
  SAME(names.count("/d/e/f/renamed"), std::size_t(1));
  fs::copy("/d", "/copy", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  SAME(fs::exists("/copy/e/f/renamed"), true);
  SAME(fs::is_empty("/copy/e"), false);
  auto before = fs::last_write_time("/d/one.txt");
  fs::last_write_time("/d/one.txt", before - std::chrono::hours(1));
  SAME(before - fs::last_write_time("/d/one.txt") == std::chrono::hours(1), true);
  SAME(fs::remove("/d/none"), false);
  SAME(fs::remove_all("/copy"), std::uintmax_t(7));
  SAME(fs::weakly_canonical("/d/./e/../one.txt").string(), "/d/one.txt");
  SAME(fs::absolute("x").is_absolute(), true);
  std::printf("%s\n", fs::relative("/d/e/f", "/d").c_str());
  return probe::end();
}
