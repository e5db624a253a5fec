/* Parses JSON by a grammar, then what an edit makes of it, and asks what is in there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_json(void);

static void check(int holds, const char *what) {
    if (!holds) {
        printf("wrong: %s\n", what);
        exit(1);
    }
}

static void check_tree(const TSTree *tree, const char *expected) {
    char *text = ts_node_string(ts_tree_root_node(tree));
    check(strcmp(text, expected) == 0, text);
    free(text);
}

int main(void) {
    const char *before = "{\"a\": [1, null]}";
    const char *after = "{\"a\": [1, 2.5, null]}";
    TSParser *parser = ts_parser_new();
    check(ts_parser_set_language(parser, tree_sitter_json()), "the language's version");

    TSTree *old = ts_parser_parse_string(parser, NULL, before, (uint32_t)strlen(before));
    check_tree(old, "(document (object (pair key: (string (string_content)) value: (array (number) (null)))))");

    TSInputEdit edit = {.start_byte = 10, .old_end_byte = 10, .new_end_byte = 15,
                        .start_point = {0, 10}, .old_end_point = {0, 10}, .new_end_point = {0, 15}};
    ts_tree_edit(old, &edit);
    TSTree *tree = ts_parser_parse_string(parser, old, after, (uint32_t)strlen(after));
    check_tree(tree, "(document (object (pair key: (string (string_content)) value: (array (number) (number) (null)))))");
    uint32_t count = 0;
    TSRange *changed = ts_tree_get_changed_ranges(old, tree, &count);
    check(count == 1, "one range changed");
    free(changed);

    uint32_t at;
    TSQueryError error;
    const char *pattern = "(array (number) @each)";
    TSQuery *query = ts_query_new(tree_sitter_json(), pattern, (uint32_t)strlen(pattern), &at, &error);
    check(query != NULL, "the query");
    TSQueryCursor *cursor = ts_query_cursor_new();
    ts_query_cursor_exec(cursor, query, ts_tree_root_node(tree));
    TSQueryMatch match;
    uint32_t found[2] = {0, 0}, matches = 0;
    while (ts_query_cursor_next_match(cursor, &match) && matches < 2)
        found[matches++] = ts_node_start_byte(match.captures[0].node);
    check(matches == 2 && found[0] == 7 && found[1] == 10, "both numbers, where they are");

    TSTree *broken = ts_parser_parse_string(parser, NULL, "[1, }", 5);
    check(ts_node_has_error(ts_tree_root_node(broken)), "an error is seen");

    ts_query_cursor_delete(cursor);
    ts_query_delete(query);
    ts_tree_delete(broken);
    ts_tree_delete(tree);
    ts_tree_delete(old);
    ts_parser_delete(parser);
    puts("all checks hold");
    return 0;
}
