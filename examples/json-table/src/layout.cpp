#include "table.h"

#include <fmt/format.h>

#include <cwchar>

using document::Value;

namespace table {
namespace {

bool is_number(const Value &value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

std::string formatted(const Value &value, const std::string &format) {
    if (format.empty() || !is_number(value))
        return document::text(value);
    std::string pattern = "{:" + format + "}";
    if (auto *real = std::get_if<double>(&value))
        return fmt::format(fmt::runtime(pattern), *real);
    std::int64_t integer = std::get<std::int64_t>(value);
    if (std::string_view("aAeEfFgG").find(format.back()) != std::string_view::npos)
        return fmt::format(fmt::runtime(pattern), static_cast<double>(integer));
    return fmt::format(fmt::runtime(pattern), integer);
}

} // namespace

Error::~Error() = default;

Table layout(const document::Document &document, const std::vector<Choice> &choices) {
    Table table;
    for (const auto &[place, format] : choices) {
        Column column{document.columns[place], true, {}};
        for (const document::Row &row : document.rows) {
            const Value &value = row[place];
            bool is_missing = value.index() == 0;
            column.numeric = column.numeric && (is_number(value) || is_missing);
            try {
                column.cells.push_back(formatted(value, format));
            } catch (const fmt::format_error &error) { // thrown in libfmt.so
                throw Error(fmt::format("`{}` is no format for {}, which is in `{}`: {}", format, document::text(value),
                                        column.title, error.what()));
            }
        }
        table.push_back(std::move(column));
    }
    return table;
}

std::size_t width(std::string_view text) {
    std::size_t total = 0;
    std::mbstate_t state{};
    while (!text.empty()) {
        wchar_t character = 0;
        std::size_t length = std::mbrtowc(&character, text.data(), text.size(), &state);
        if (length == 0 || length > text.size()) // a zero byte, or no UTF-8
            length = 1;
        int columns = wcwidth(character); // 0 if it combines with the one before it, -1 if it is not printed
        total += columns > 0 ? columns : 0;
        text.remove_prefix(length);
    }
    return total;
}

} // namespace table
