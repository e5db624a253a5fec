#pragma once

#include "document.h"

#include <memory>

// Which rows, and in which order: libquery.so, over re2.
namespace query {

// A query that means nothing.
class Error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
    ~Error() override;
};

class UnknownColumn : public Error {
public:
    UnknownColumn(const document::Document &document, std::string_view name);
    ~UnknownColumn() override;

    std::string suggestion; // the column with the nearest name; empty if none is near
};

// The place of a column in each row.
std::size_t column(const document::Document &document, std::string_view name);

// A question about a row. Which classes answer it, only the library knows.
class Predicate {
public:
    virtual ~Predicate();
    virtual bool holds(const document::Row &row) const = 0;
};

// Reads `NAME=REGEX`, `NAME!=REGEX`, `NAME<NUMBER` or `NAME>NUMBER`.
std::unique_ptr<Predicate> where(const document::Document &document, std::string_view condition);

// Sorts by a column, downwards with a `-` before its name: numbers before texts, and rows without a value last.
void sort(document::Document &document, std::string_view order);

} // namespace query
