// Fifty thousand rows, through all three libraries.
#include "document.h"
#include "query.h"
#include "table.h"

#include <iostream>
#include <sstream>

int main() {
    std::stringstream input;
    input << '[';
    for (long long i = 0; i < 50000; i++) {
        input << (i == 0 ? "" : ",");
        input << R"({"id": )" << i << R"(, "key": {"text": "k)" << i * 7919 % 50000 << R"("}})";
    }
    input << ']';

    document::Document document = document::read(input);
    std::cout << document.rows.size() << " rows\n";
    std::unique_ptr<query::Predicate> predicate = query::where(document, "key.text=^k1.*7$");
    std::erase_if(document.rows, [&](const document::Row &row) { return !predicate->holds(row); });
    query::sort(document, "-key.text");
    std::cout << document.rows.size() << " rows\n";
    document.rows.resize(3);
    std::cout << table::writer("plain")->text(table::layout(document, {{0, ""}, {1, ""}}));
}
