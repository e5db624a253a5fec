/* Pictures in a database: SQLite. */

#include "placard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(sqlite3 *database) {
    fprintf(stderr, "placard: %s\n", database ? sqlite3_errmsg(database) : "out of memory");
    sqlite3_close(database);
    return 1;
}

static int open(const char *path, sqlite3 **database, sqlite3_stmt **statement, const char *sql) {
    static const char table[] = "CREATE TABLE IF NOT EXISTS card (number INTEGER PRIMARY KEY, text TEXT, png BLOB)";
    if (sqlite3_open(path, database) || sqlite3_exec(*database, table, NULL, NULL, NULL) ||
        sqlite3_prepare_v2(*database, sql, -1, statement, NULL))
        return fail(*database);
    return 0;
}

int keep(const char *path, const char *text, const unsigned char *png, size_t size) {
    sqlite3 *database;
    sqlite3_stmt *insert;
    if (open(path, &database, &insert, "INSERT INTO card (text, png) VALUES (?, ?)"))
        return 1;
    sqlite3_bind_text(insert, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_blob(insert, 2, png, (int)size, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) {
        sqlite3_finalize(insert);
        return fail(database);
    }
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return 0;
}

int each(const char *path, void (*see)(int number, const char *text, size_t size)) {
    sqlite3 *database;
    sqlite3_stmt *select;
    if (open(path, &database, &select, "SELECT number, text, length(png) FROM card ORDER BY number"))
        return 1;
    while (sqlite3_step(select) == SQLITE_ROW)
        see(sqlite3_column_int(select, 0), (const char *)sqlite3_column_text(select, 1),
            (size_t)sqlite3_column_int(select, 2));
    sqlite3_finalize(select);
    sqlite3_close(database);
    return 0;
}

int find(const char *path, int number, unsigned char **png, size_t *size) {
    sqlite3 *database;
    sqlite3_stmt *select;
    if (open(path, &database, &select, "SELECT png FROM card WHERE number = ?"))
        return 1;
    sqlite3_bind_int(select, 1, number);
    int is_there = sqlite3_step(select) == SQLITE_ROW;
    if (is_there) {
        *size = (size_t)sqlite3_column_bytes(select, 0);
        *png = malloc(*size);
        if (*png)
            memcpy(*png, sqlite3_column_blob(select, 0), *size);
    }
    sqlite3_finalize(select);
    sqlite3_close(database);
    if (is_there && *png)
        return 0;
    fprintf(stderr, "placard: there is no card %d\n", number);
    return 1;
}
