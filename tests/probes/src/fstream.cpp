#include "probe.h"
#include <fstream>
#include <string>
#include <vector>
int main() {
  {
    std::ofstream out("/f.txt");
    SAME(out.is_open(), true);
    out << "first\nsecond\n";
  }
  {
    std::ofstream more("/f.txt", std::ios::app);
    more << "third\n";
  }
  std::fstream both("/f.txt", std::ios::in | std::ios::out);
  std::string line;
  std::getline(both, line);
  SAME(line, "first");
  SAME(both.tellg(), std::streampos(6));
  both.seekp(6);
  both << "SECOND";
  both.seekg(0, std::ios::end);
  SAME(both.tellg(), std::streampos(19));
  both.seekg(6);
  both >> line;
  SAME(line, "SECOND");
  both.close();
  std::ifstream missing("/none");
  SAME(missing.is_open(), false);
  SAME(missing.fail(), true);
  std::vector<char> binary(100000);
  for (std::size_t i = 0; i < binary.size(); ++i)
    binary[i] = static_cast<char>(i * 7);
  std::ofstream("/b.bin", std::ios::binary).write(binary.data(), static_cast<std::streamsize>(binary.size()));
  std::ifstream in("/b.bin", std::ios::binary | std::ios::ate);
  SAME(in.tellg(), std::streampos(100000));
  in.seekg(50000);
  std::vector<char> half(60000);
  in.read(half.data(), 60000);
  SAME(in.gcount(), std::streamsize(50000));
  SAME(in.eof(), true);
  SAME(half[1], binary[50001]);
  SAME(half[49999], binary[99999]);
  std::filebuf buffer;
  SAME(buffer.open("/b.bin", std::ios::in | std::ios::out) == &buffer, true);
  SAME(buffer.sgetc(), 0);
  SAME(buffer.snextc(), 7);
  SAME(buffer.sputbackc(0), 0);
  SAME(buffer.pubseekoff(3, std::ios::beg), std::streampos(3));
  SAME(buffer.sbumpc(), 21);
  std::ofstream fresh("/x.txt", std::ios::out | std::ios::trunc);
  std::ofstream taken = std::move(fresh);
  taken << "moved";
  taken.flush();
  std::ifstream back("/x.txt");
  back >> line;
  std::printf("%s\n", line.c_str());
  return probe::end();
}
