#include "../probe.h"
#include "parts.h"
#include <sstream>
struct Tons : parts::Unit {
  std::string unit() const override { return "t"; }
};
int main() {
  std::locale locale = parts::with_facets(std::locale::classic());
  SAME(std::use_facet<parts::Unit>(locale).unit(), "g");
  SAME(std::use_facet<std::numpunct<char>>(locale).thousands_sep(), '\'');
  std::ostringstream out;
  out.imbue(locale);
  out << 1234567;
  SAME(out.str(), "1'234'567");
  SAME(std::has_facet<parts::Unit>(std::locale::classic()), false);
  THROWS(std::bad_cast, std::use_facet<parts::Unit>(std::locale()));
  std::locale ours(locale, new Tons);
  SAME(std::use_facet<parts::Unit>(ours).unit(), "t");
  SAME(std::use_facet<parts::Unit>(parts::with_facets(ours)).unit(), "g");
  std::locale::global(locale);
  std::ostringstream global;
  global << 5000;
  std::locale::global(std::locale::classic());
  std::puts(global.str().c_str());
  return probe::end();
}
