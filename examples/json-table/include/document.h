#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// JSON as rows and columns: libdocument.so, over nlohmann_json, which none of its users sees.
namespace document {

// Nothing where a row has no such value, or null.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;
using Row = std::vector<Value>;

// Each row has a value for each column. Columns are in the order in which the input first names them.
struct Document {
    std::vector<std::string> columns;
    std::vector<Row> rows;
};

// What is wrong with an input.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    ~Error() override; // the first virtual function that is not inline: what describes the class is beside it
};

// An input that is not JSON, from this place on; both are counted from 1, the column in characters.
class SyntaxError : public Error {
public:
    SyntaxError(std::size_t line, std::size_t column, const std::string &message);
    ~SyntaxError() override;

    std::size_t line;
    std::size_t column;
};

// Reads an array of objects: the whole input, or what is in it at a path such as `result.items`. Objects in objects
// become columns with dots in their names, arrays become texts.
Document read(std::istream &input, std::string_view path = "");

// A value as it is shown where nobody asks for a format, and as regular expressions see it.
std::string text(const Value &value);

} // namespace document
