#include "document.h"
#include "query.h"
#include "table.h"

#include <getopt.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <fstream>
#include <iostream>
#include <system_error>

namespace {

constexpr char usage[] = R"(usage: jsontable [OPTION]... [FILE]

Prints an array of objects in JSON, from a file or from standard input, as a table.

  -c, --columns NAME[:FORMAT],...  what to show, and how numbers are formatted: price:.2f
  -w, --where NAME=REGEX           only rows in which it is found; also !=, and < and > with a number
  -s, --sort [-]NAME               by a column; with a `-`, downwards
  -r, --rows PATH                  the array is at a place such as `result.items`
  -a, --as plain|markdown|csv      how to write it
  -h, --help                       this
)";

constexpr char standard_input[] = "<stdin>"; // as messages name it

struct Options {
    std::string columns;
    std::vector<std::string> conditions;
    std::string order;
    std::string path;
    std::string format = "plain";
    std::string file = standard_input;
    bool help = false;
};

struct UsageError {}; // getopt has said what it is

Options parse(int argc, char **argv) {
    static const option known[] = {
        {"columns", required_argument, nullptr, 'c'}, {"where", required_argument, nullptr, 'w'},
        {"sort", required_argument, nullptr, 's'},    {"rows", required_argument, nullptr, 'r'},
        {"as", required_argument, nullptr, 'a'},      {"help", no_argument, nullptr, 'h'},
        {},
    };
    Options options;
    for (int letter; (letter = getopt_long(argc, argv, "c:w:s:r:a:h", known, nullptr)) != -1;) {
        switch (letter) {
        case 'c': options.columns = optarg; break;
        case 'w': options.conditions.push_back(optarg); break;
        case 's': options.order = optarg; break;
        case 'r': options.path = optarg; break;
        case 'a': options.format = optarg; break;
        case 'h': options.help = true; break;
        default: throw UsageError();
        }
    }
    if (optind < argc)
        options.file = argv[optind++];
    if (options.file == "-")
        options.file = standard_input;
    if (optind < argc)
        throw UsageError();
    return options;
}

document::Document read(const std::string &file, const std::string &path) {
    if (file == standard_input)
        return document::read(std::cin, path);
    std::ifstream input(file);
    if (!input)
        throw std::system_error(errno, std::generic_category(), file);
    return document::read(input, path);
}

// The columns of a list such as `name,price:.2f`; without a list, all.
std::vector<table::Choice> choices(const document::Document &document, std::string_view list) {
    std::vector<table::Choice> chosen;
    if (list.empty())
        for (std::size_t i = 0; i < document.columns.size(); i++)
            chosen.push_back({i, ""});
    while (!list.empty()) {
        std::string_view entry = list.substr(0, list.find(','));
        std::string_view name = entry.substr(0, entry.find(':'));
        std::string_view format = entry.substr(std::min(name.size() + 1, entry.size()));
        chosen.push_back({query::column(document, name), std::string(format)});
        list.remove_prefix(std::min(entry.size() + 1, list.size()));
    }
    return chosen;
}

void keep(std::vector<document::Row> &rows, const query::Predicate &predicate) {
    std::erase_if(rows, [&](const document::Row &row) { return !predicate.holds(row); });
}

void run(const Options &options) {
    std::unique_ptr<table::Writer> writer = table::writer(options.format);
    document::Document document = read(options.file, options.path);
    std::vector<table::Choice> columns = choices(document, options.columns);
    for (const std::string &condition : options.conditions)
        keep(document.rows, *query::where(document, condition));
    if (!options.order.empty())
        query::sort(document, options.order);
    std::cout << writer->text(table::layout(document, columns)) << std::flush;
    if (!std::cout)
        throw std::system_error(errno, std::generic_category(), "standard output");
}

} // namespace

int main(int argc, char **argv) {
    std::setlocale(LC_CTYPE, ""); // libtable asks libc how wide characters are
    Options options;
    try {
        options = parse(argc, argv);
        if (options.help)
            std::cout << usage;
        else
            run(options);
        return 0;
    } catch (const UsageError &) {
        std::cerr << usage;
        return 2;
    } catch (const document::SyntaxError &error) { // before its base: the place is what an editor jumps to
        std::cerr << options.file << ':' << error.line << ':' << error.column << ": " << error.what() << '\n';
    } catch (const document::Error &error) {
        std::cerr << options.file << ": " << error.what() << '\n';
    } catch (const query::UnknownColumn &error) {
        std::cerr << "jsontable: " << error.what();
        if (!error.suggestion.empty())
            std::cerr << "; did you mean `" << error.suggestion << "`?";
        std::cerr << '\n';
    } catch (const std::exception &error) { // query::Error, table::Error, and what the standard library throws
        std::cerr << "jsontable: " << error.what() << '\n';
    }
    return 1;
}
