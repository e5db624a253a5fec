#pragma once

#include "document.h"

#include <memory>

// Values laid out for readers: libtable.so, over fmt.
namespace table {

// A format that does not exist, or not for these values.
class Error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
    ~Error() override;
};

// A column of the document that is to be shown, its numbers by a format of fmt's, such as `.2f`.
struct Choice {
    std::size_t column;
    std::string format;
};

struct Column {
    std::string title;
    bool numeric; // nothing but numbers is in it
    std::vector<std::string> cells;
};

using Table = std::vector<Column>;

Table layout(const document::Document &document, const std::vector<Choice> &choices);

// How many columns of a terminal a text takes, which is in the encoding of the program's locale.
std::size_t width(std::string_view text);

class Writer {
public:
    virtual ~Writer();
    virtual std::string text(const Table &table) const = 0;
};

// The writer for `plain`, `csv` or `markdown`.
std::unique_ptr<Writer> writer(std::string_view name);

} // namespace table
