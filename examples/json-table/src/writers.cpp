#include "table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace table {
namespace {

std::size_t height(const Table &table) {
    return table.empty() ? 0 : table.front().cells.size();
}

// Every `replaced` in a text becomes the replacement for it.
std::string replace(std::string text, std::string_view replaced, std::string_view replacement) {
    for (std::size_t at = 0; (at = text.find(replaced, at)) != text.npos; at += replacement.size())
        text.replace(at, replaced.size(), replacement);
    return text;
}

// What is the same for tables that are aligned: how wide a column is, and where its cells stand in it.
class Aligned : public Writer {
public:
    std::string text(const Table &table) const override {
        Table safe = table;
        Widths widths;
        for (Column &column : safe) {
            column.title = escaped(column.title);
            std::size_t widest = std::max<std::size_t>(width(column.title), 3); // Markdown wants 3 dashes
            for (std::string &cell : column.cells) {
                cell = escaped(cell);
                widest = std::max(widest, width(cell));
            }
            widths.push_back(widest);
        }
        std::string whole;
        add_line(whole, safe, widths, [](const Column &column) { return std::string_view(column.title); });
        add_rule(whole, safe, widths);
        for (std::size_t row = 0; row < height(safe); row++)
            add_line(whole, safe, widths, [row](const Column &column) { return std::string_view(column.cells[row]); });
        return whole;
    }

protected:
    struct Frame {
        std::string_view before, between, after;
    };

    virtual std::string escaped(std::string_view text) const = 0;
    virtual Frame frame() const = 0;
    virtual std::string rule(const Column &column, std::size_t width) const = 0;

private:
    using Widths = std::vector<std::size_t>;

    template <typename CellOf>
    void add_line(std::string &whole, const Table &table, const Widths &widths, CellOf cell_of) const {
        auto [before, between, after] = frame();
        whole += before;
        for (std::size_t i = 0; i < table.size(); i++) {
            std::string_view cell = cell_of(table[i]);
            std::size_t padding = widths[i] - width(cell);
            std::size_t left = table[i].numeric ? padding : 0;
            fmt::format_to(std::back_inserter(whole), "{}{:{}}{}{:{}}", i == 0 ? "" : between, "", left, cell, "",
                           padding - left);
        }
        whole += after;
        whole.erase(whole.find_last_not_of(' ') + 1);
        whole += '\n';
    }

    void add_rule(std::string &whole, const Table &table, const Widths &widths) const {
        auto [before, between, after] = frame();
        std::vector<std::string> rules;
        for (std::size_t i = 0; i < table.size(); i++)
            rules.push_back(rule(table[i], widths[i]));
        fmt::format_to(std::back_inserter(whole), "{}{}{}\n", before, fmt::join(rules, between), after);
    }
};

class Plain final : public Aligned {
    std::string escaped(std::string_view text) const override {
        std::string safe;
        for (char character : text) {
            if (static_cast<unsigned char>(character) < ' ' || character == 0x7F) // could steer a terminal
                fmt::format_to(std::back_inserter(safe), "\\x{:02x}", static_cast<unsigned char>(character));
            else
                safe += character;
        }
        return safe;
    }

    Frame frame() const override { return {"", "  ", ""}; }

    std::string rule(const Column &, std::size_t width) const override { return std::string(width, '-'); }
};

class Markdown final : public Aligned {
    std::string escaped(std::string_view text) const override {
        return replace(replace(replace(std::string(text), "\\", "\\\\"), "|", "\\|"), "\n", "<br>");
    }

    Frame frame() const override { return {"| ", " | ", " |"}; }

    std::string rule(const Column &column, std::size_t width) const override {
        return std::string(width - column.numeric, '-') + (column.numeric ? ":" : "");
    }
};

class Csv final : public Writer { // as RFC 4180 has it, but for its line ends
public:
    std::string text(const Table &table) const override {
        std::string whole;
        for (const Column &column : table)
            add(whole, column.title, &column == &table.back());
        for (std::size_t row = 0; row < height(table); row++)
            for (const Column &column : table)
                add(whole, column.cells[row], &column == &table.back());
        return whole;
    }

private:
    static void add(std::string &whole, const std::string &cell, bool is_last) {
        if (cell.find_first_of(",\"\r\n") == cell.npos)
            whole += cell;
        else
            fmt::format_to(std::back_inserter(whole), "\"{}\"", replace(cell, "\"", "\"\""));
        whole += is_last ? '\n' : ',';
    }
};

} // namespace

Writer::~Writer() = default;

std::unique_ptr<Writer> writer(std::string_view name) {
    if (name == "plain")
        return std::make_unique<Plain>();
    if (name == "markdown")
        return std::make_unique<Markdown>();
    if (name == "csv")
        return std::make_unique<Csv>();
    throw Error(fmt::format("tables are written as plain, markdown or csv, not as `{}`", name));
}

} // namespace table
