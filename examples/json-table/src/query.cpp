#include "query.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <numeric>
#include <optional>

using document::Document;
using document::Row;
using document::Value;

namespace query {
namespace {

std::string quoted(std::string_view text) {
    return "`" + std::string(text) + "`";
}

// How many letters must be put in, left out or replaced to come from one name to the other.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> costs(to.size() + 1);
    std::iota(costs.begin(), costs.end(), 0);
    for (char letter : from) {
        std::size_t diagonal = costs[0]++;
        for (std::size_t i = 0; i < to.size(); i++) {
            std::size_t replaced = diagonal + (letter != to[i]);
            diagonal = costs[i + 1];
            costs[i + 1] = std::min({replaced, costs[i] + 1, costs[i + 1] + 1});
        }
    }
    return costs.back();
}

std::string nearest(const std::vector<std::string> &names, std::string_view name) {
    std::string best;
    std::size_t least = name.size() / 3 + 2; // farther away is no slip of the fingers
    for (const std::string &candidate : names) {
        if (std::size_t cost = distance(name, candidate); cost < least) {
            least = cost;
            best = candidate;
        }
    }
    return best;
}

// A long double has every value of both types exactly, so numbers of both have one order.
std::optional<long double> number(const Value &value) {
    if (auto *integer = std::get_if<std::int64_t>(&value))
        return *integer;
    if (auto *real = std::get_if<double>(&value))
        return *real;
    return std::nullopt;
}

class Matches final : public Predicate {
public:
    Matches(std::size_t column, std::string_view expression, bool wanted)
        : column_(column), expression_(expression, RE2::Quiet), wanted_(wanted) {
        if (!expression_.ok())
            throw Error("not a regular expression: " + quoted(expression) + ": " + expression_.error());
    }

    bool holds(const Row &row) const override {
        return RE2::PartialMatch(document::text(row[column_]), expression_) == wanted_;
    }

private:
    std::size_t column_;
    RE2 expression_;
    bool wanted_;
};

class Compares final : public Predicate {
public:
    Compares(std::size_t column, std::string_view bound, bool less) : column_(column), less_(less) {
        const char *end = bound.data() + bound.size();
        auto [stopped, error] = std::from_chars(bound.data(), end, bound_);
        if (error != std::errc() || stopped != end)
            throw Error("not a number: " + quoted(bound));
    }

    bool holds(const Row &row) const override {
        std::optional<long double> found = number(row[column_]);
        return found && (less_ ? *found < bound_ : *found > bound_);
    }

private:
    std::size_t column_;
    double bound_ = 0;
    bool less_;
};

// Numbers come first, then truth values, then texts.
int rank(const Value &value) {
    return number(value) ? 0 : std::holds_alternative<bool>(value) ? 1 : 2;
}

std::partial_ordering compare(const Value &a, const Value &b) {
    if (a.index() == b.index())
        return a <=> b;
    if (rank(a) == 0 && rank(b) == 0)
        return *number(a) <=> *number(b);
    return rank(a) <=> rank(b);
}

} // namespace

Error::~Error() = default;

UnknownColumn::UnknownColumn(const Document &document, std::string_view name)
    : Error("no column " + quoted(name)), suggestion(nearest(document.columns, name)) {}

UnknownColumn::~UnknownColumn() = default;

Predicate::~Predicate() = default;

std::size_t column(const Document &document, std::string_view name) {
    auto found = std::find(document.columns.begin(), document.columns.end(), name);
    if (found == document.columns.end())
        throw UnknownColumn(document, name);
    return found - document.columns.begin();
}

std::unique_ptr<Predicate> where(const Document &document, std::string_view condition) {
    static const RE2 form("([^=!<>]+)(=|!=|<|>)(.*)");
    std::string_view name, comparison, operand;
    if (!RE2::FullMatch(condition, form, &name, &comparison, &operand))
        throw Error("not a condition such as NAME=REGEX or NAME>NUMBER: " + quoted(condition));
    std::size_t place = column(document, name);
    if (comparison.back() == '=')
        return std::make_unique<Matches>(place, operand, comparison == "=");
    return std::make_unique<Compares>(place, operand, comparison == "<");
}

void sort(Document &document, std::string_view order) {
    bool downwards = order.starts_with('-');
    std::size_t place = column(document, order.substr(downwards));
    auto has_value = [place](const Row &row) { return row[place].index() != 0; };
    auto end = std::stable_partition(document.rows.begin(), document.rows.end(), has_value);
    std::stable_sort(document.rows.begin(), end, [=](const Row &a, const Row &b) {
        return downwards ? compare(b[place], a[place]) < 0 : compare(a[place], b[place]) < 0;
    });
}

} // namespace query
