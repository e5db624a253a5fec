#include "document.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <unordered_map>

using json = nlohmann::ordered_json; // objects keep the order of the input

namespace document {
namespace {

constexpr int depth_limit = 100; // functions below call themselves for what is nested

// What nlohmann_json says, without its numbers, what it was parsing, and the place, whose column it counts in bytes:
// "[json.exception.parse_error.101] parse error at line 3, column 9: syntax error while parsing value - unexpected ..."
std::string message(const json::exception &error) {
    std::string_view said = error.what();
    auto cut = [&said](std::string_view start, std::string_view end) {
        if (said.starts_with(start))
            said.remove_prefix(said.find(end) + end.size());
    };
    cut("[", "] ");
    cut("parse error", ": ");
    cut("syntax error", " - ");
    return std::string(said);
}

SyntaxError syntax_error(std::string_view input, const json::parse_error &error) {
    std::string_view before = input.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    std::size_t line = 1 + std::count(before.begin(), before.end(), '\n');
    before.remove_prefix(before.rfind('\n') + 1); // npos + 1 is 0
    auto starts_character = [](unsigned char byte) { return (byte & 0xC0) != 0x80; };
    std::size_t column = 1 + std::count_if(before.begin(), before.end(), starts_character);
    return {line, column, message(error)};
}

// How deep arrays and objects are nested in a text that may be JSON.
int depth(std::string_view text) {
    int now = 0, deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); i++) {
        switch (text[i]) {
        case '"': in_string = !in_string; break;
        case '\\': i++; break; // what is escaped, which is in a string
        case '[': case '{': deepest = std::max(deepest, now += !in_string); break;
        case ']': case '}': now -= !in_string; break;
        }
    }
    return deepest;
}

json parse(std::string_view input) {
    if (input.find_first_not_of(" \t\r\n") == input.npos)
        throw Error("there is nothing in it");
    if (depth(input) > depth_limit)
        throw Error("nested more than " + std::to_string(depth_limit) + " deep");
    try {
        return json::parse(input);
    } catch (const json::parse_error &error) {
        throw syntax_error(input, error);
    } catch (const json::exception &error) { // such as a number that is too large
        throw Error(message(error));
    }
}

const json &at(const json &whole, std::string_view path) {
    const json *place = &whole;
    for (std::size_t start = 0; start < path.size();) {
        std::size_t end = std::min(path.find('.', start), path.size());
        std::string key(path.substr(start, end - start));
        if (!place->is_object() || !place->contains(key))
            throw Error("there is no `" + std::string(path.substr(0, end)) + "`");
        place = &(*place)[key];
        start = end + 1;
    }
    return *place;
}

Value scalar(const json &value);

std::string joined(const json &array) {
    if (std::any_of(array.begin(), array.end(), [](const json &item) { return item.is_structured(); }))
        return array.dump();
    std::string whole;
    for (const json &item : array)
        whole += (whole.empty() ? "" : ", ") + text(scalar(item));
    return whole;
}

Value scalar(const json &value) {
    switch (value.type()) {
    case json::value_t::boolean:
        return value.get<bool>();
    case json::value_t::number_unsigned:
        if (value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
            return value.get<double>();
        [[fallthrough]];
    case json::value_t::number_integer:
        return value.get<std::int64_t>();
    case json::value_t::number_float:
        return value.get<double>();
    case json::value_t::string:
        return value.get<std::string>();
    case json::value_t::array:
        return joined(value);
    default:
        return {};
    }
}

// Makes rows of objects; what it has seen of columns grows with them.
class Flattener {
public:
    void add_row(const json &object) {
        Row row(result_.columns.size());
        add_members(row, "", object);
        result_.rows.push_back(std::move(row));
    }

    Document finish() && {
        for (Row &row : result_.rows)
            row.resize(result_.columns.size());
        return std::move(result_);
    }

private:
    void add_members(Row &row, const std::string &prefix, const json &object) {
        for (const auto &[key, value] : object.items()) {
            if (value.is_object())
                add_members(row, prefix + key + ".", value);
            else
                cell(row, prefix + key) = scalar(value);
        }
    }

    Value &cell(Row &row, const std::string &name) {
        auto [found, is_new] = places_.try_emplace(name, result_.columns.size());
        if (is_new)
            result_.columns.push_back(name);
        if (row.size() <= found->second)
            row.resize(found->second + 1);
        return row[found->second];
    }

    Document result_;
    std::unordered_map<std::string, std::size_t> places_;
};

} // namespace

Error::~Error() = default;

SyntaxError::SyntaxError(std::size_t line, std::size_t column, const std::string &message)
    : Error(message), line(line), column(column) {}

SyntaxError::~SyntaxError() = default;

Document read(std::istream &input, std::string_view path) {
    std::string content(std::istreambuf_iterator<char>(input), {});
    json whole = parse(content);
    const json &rows = at(whole, path);
    if (!rows.is_array())
        throw Error("expected an array of objects, got one " + std::string(rows.type_name()));
    Flattener flattener;
    for (std::size_t i = 0; i < rows.size(); i++) {
        if (!rows[i].is_object())
            throw Error("row " + std::to_string(i + 1) + " is no object, but of type " + rows[i].type_name());
        flattener.add_row(rows[i]);
    }
    return std::move(flattener).finish();
}

std::string text(const Value &value) {
    struct {
        std::string operator()(std::monostate) { return ""; }
        std::string operator()(bool truth) { return truth ? "true" : "false"; }
        std::string operator()(const std::string &text) { return text; }
        std::string operator()(std::int64_t number) { return std::to_string(number); }
        std::string operator()(double number) { // the shortest that reads as the same number
            char digits[32];
            return {digits, std::to_chars(digits, std::end(digits), number).ptr};
        }
    } as_text;
    return std::visit(as_text, value);
}

} // namespace document
