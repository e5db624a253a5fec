// What each library throws, caught here by its type, by its base, and again after it was kept for a while.
#include "document.h"
#include "query.h"
#include "table.h"

#include <iostream>
#include <sstream>

namespace {

document::Document document_of(const std::string &text) {
    std::istringstream input(text);
    return document::read(input);
}

template <typename Caught, typename Action>
void expect(Action action) {
    std::exception_ptr kept;
    try {
        action();
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        if (kept)
            std::rethrow_exception(kept);
        std::cout << "nothing was thrown\n";
    } catch (const Caught &error) {
        std::cout << error.what() << '\n';
    }
}

} // namespace

int main() {
    try {
        document_of("[\n  {\"ü\": 1, }\n]");
    } catch (const document::SyntaxError &error) {
        std::cout << error.line << ':' << error.column << ": " << error.what() << '\n';
    }
    expect<document::Error>([] { document_of(R"(["ends)"); });
    expect<document::Error>([] { document_of("[1]"); });
    expect<std::runtime_error>([] { document_of("{}"); });
    expect<document::Error>([] { document_of("[{\"a\": 1e999}]"); });
    expect<document::Error>([] { document_of(std::string(100000, '[')); });

    document::Document cities = document_of(R"([{"name": "Bern", "size": 51.6}])");
    try {
        query::column(cities, "nmae");
    } catch (const query::UnknownColumn &error) {
        std::cout << error.what() << ", but " << error.suggestion << '\n';
    }
    expect<query::Error>([&] { query::where(cities, "capital=yes"); });
    expect<query::Error>([&] { query::where(cities, "name=(Bern"); });
    expect<std::invalid_argument>([&] { query::where(cities, "size>large"); });
    expect<std::logic_error>([&] { query::where(cities, "Bern"); });

    expect<table::Error>([&] { table::layout(cities, {{1, ".2d"}}); });
    expect<std::exception>([] { table::writer("html"); });
}
