/* Work that real programs do, over libraries of others: each load returns a number that all sides must agree on. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <math.h>
#include <png.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PART = 1 << 20, PARTS = 50 };

static unsigned char part[PART], packed[2 * PART], again[PART];
static unsigned state = 1;

static unsigned next(void) { return (state = state * 1664525u + 1013904223u) >> 8; }

/* Text-like: words of a small vocabulary, so that there is something to find again. */
static void prepare(void) {
    static const char *const words[] = {"the ", "library ", "is ", "loaded ", "and ", "bound ", "once, ", "then ", "called "};
    size_t at = 0;
    while (at + 16 < PART) {
        const char *word = words[next() % 9];
        memcpy(part + at, word, strlen(word));
        at += strlen(word);
        if (next() % 7 == 0)
            part[at++] = (unsigned char)('a' + next() % 26);
    }
}

static long zlib_50_mb(void) {
    long sum = 0;
    for (int i = 0; i < PARTS; i++) {
        uLongf size = sizeof packed, back = sizeof again;
        part[i] ^= 1;
        if (compress2(packed, &size, part, PART, 6) != Z_OK || uncompress(again, &back, packed, size) != Z_OK)
            return -1;
        sum += (long)size + again[i];
    }
    return sum;
}

static long sql(void) {
    static const char *const statements[] = {
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b INTEGER, c TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
        " INSERT INTO t SELECT i, (i * 7919) % 60013, 'number ' || ((i * 7919) % 60013) FROM n",
        "CREATE INDEX tb ON t(b)",
        "UPDATE t SET c = c || '!' WHERE b BETWEEN 1000 AND 20000",
        "DELETE FROM t WHERE a % 5 = 0",
    };
    sqlite3 *db;
    sqlite3_stmt *query;
    long sum = 0;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return -1;
    for (int i = 0; i < 5; i++)
        if (sqlite3_exec(db, statements[i], NULL, NULL, NULL) != SQLITE_OK)
            return -2 - i;
    sqlite3_prepare_v2(db, "SELECT count(*), sum(length(c)) FROM t WHERE b BETWEEN ? AND ? AND c LIKE '%7%'", -1, &query, NULL);
    for (int i = 0; i < 300; i++) {
        sqlite3_bind_int(query, 1, i * 190);
        sqlite3_bind_int(query, 2, i * 190 + 700);
        if (sqlite3_step(query) == SQLITE_ROW)
            sum += sqlite3_column_int(query, 0) + sqlite3_column_int(query, 1);
        sqlite3_reset(query);
    }
    sqlite3_finalize(query);
    sqlite3_close(db);
    return sum;
}

static long lua(const char *program) {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    long result = luaL_dostring(L, program) == LUA_OK ? (long)lua_tointeger(L, -1) : -1;
    lua_close(L);
    return result;
}

static long recursion_of_lua(void) {
    return lua("local function f(n) if n < 2 then return n end return f(n - 1) + f(n - 2) end return f(29)");
}

static long strings_of_lua(void) {
    return lua("local n = 0 for i = 1, 60000 do local s = ('item %d of %s'):format(i, i * 3)"
               " n = n + #s:gsub('%d', 'x'):upper() + (s:find('of', 1, true) or 0) end return n");
}

static long tables_of_lua(void) {
    return lua("local t, n = {}, 0 for i = 1, 200000 do t[i] = (i * 7919) % 200003 end table.sort(t)"
               " local m = {} for i, v in ipairs(t) do m['k' .. v % 5000] = (m['k' .. v % 5000] or 0) + i % 7 end"
               " for _, v in pairs(m) do n = n + v end return n");
}

static long pcall_of_lua(void) {
    return lua("local n = 0 for i = 1, 120000 do local ok, e = pcall(function(x) if x % 3 == 0 then error(x, 0) end"
               " return x end, i) n = n + (ok and 1 or e % 7) end return n");
}

struct item {
    struct item *next;
    int value;
};

/* Lists, matrices, a state machine and a checksum, as small processors are compared with. */
static long integers(void) {
    enum { ITEMS = 2000, SIDE = 40 };
    static struct item items[ITEMS];
    static int a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
    unsigned crc = 0;
    state = 1;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < ITEMS; i++)
            items[i] = (struct item){i + 1 < ITEMS ? &items[i + 1] : NULL, (int)(next() & 0xFFFF)};
        struct item *turned = NULL;
        for (struct item *each = items, *after; each; each = after) {
            after = each->next;
            each->next = turned;
            turned = each;
        }
        for (struct item *each = turned; each; each = each->next)
            crc = (crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0)) + (unsigned)each->value;
        for (int i = 0; i < SIDE; i++)
            for (int j = 0; j < SIDE; j++)
                a[i][j] = (int)(next() & 0xFF), b[i][j] = (int)(next() & 0xFF), c[i][j] = 0;
        for (int i = 0; i < SIDE; i++)
            for (int j = 0; j < SIDE; j++)
                for (int k = 0; k < SIDE; k++)
                    c[i][j] += a[i][k] * b[k][j];
        crc += (unsigned)c[round % SIDE][7];
        int numbers = 0, in_number = 0;
        for (int i = 0; i < 60000; i++) {
            int digit = part[i] >= 'a' && part[i] <= 'h';
            numbers += digit && !in_number;
            in_number = digit;
        }
        crc ^= (unsigned)numbers << (round & 7);
    }
    return (long)(crc & 0x7FFFFFFF);
}

static long fft(void) {
    enum { N = 1 << 15 };
    static double re[N], im[N];
    double sum = 0;
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < N; i++)
            re[i] = (i * 37 + round) % 101, im[i] = 0;
        for (int i = 1, j = 0; i < N; i++) {
            int bit = N >> 1;
            for (; j & bit; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j) {
                double t = re[i];
                re[i] = re[j], re[j] = t;
            }
        }
        for (int size = 2; size <= N; size <<= 1) {
            double step = -2 * 3.14159265358979323846 / size;
            for (int k = 0; k < size / 2; k++) {
                double c = cos(step * k), s = sin(step * k);
                for (int at = k; at < N; at += size) {
                    int other = at + size / 2;
                    double x = re[other] * c - im[other] * s, y = re[other] * s + im[other] * c;
                    re[other] = re[at] - x, im[other] = im[at] - y;
                    re[at] += x, im[at] += y;
                }
            }
        }
        sum += fabs(re[1]) + fabs(im[N / 3]);
    }
    return (long)sum;
}

static long png_decode(void) {
    enum { SIDE = 512 };
    static unsigned char pixels[SIDE * SIDE * 4], file[SIDE * SIDE * 5];
    static size_t size;
    png_image image = {.version = PNG_IMAGE_VERSION, .width = SIDE, .height = SIDE, .format = PNG_FORMAT_RGBA};
    if (size == 0) {
        for (int i = 0; i < SIDE * SIDE; i++)
            memcpy(pixels + 4 * i, (unsigned char[4]){(unsigned char)i, (unsigned char)(i / SIDE), part[i % PART], 255}, 4);
        size = sizeof file;
        if (!png_image_write_to_memory(&image, file, &size, 0, pixels, 0, NULL))
            return -1;
    }
    long sum = 0;
    for (int turn = 0; turn < 8; turn++) {
        image = (png_image){.version = PNG_IMAGE_VERSION};
        if (!png_image_begin_read_from_memory(&image, file, size))
            return -2;
        image.format = PNG_FORMAT_RGBA;
        if (!png_image_finish_read(&image, NULL, pixels, 0, NULL))
            return -3;
        sum += pixels[turn * 1001];
    }
    return sum;
}

static long (*const loads[])(void) = {
    zlib_50_mb, sql, recursion_of_lua, strings_of_lua, tables_of_lua, pcall_of_lua, integers, fft, png_decode,
};

__attribute__((visibility("default"))) long perform(int load) {
    if (part[0] == 0)
        prepare();
    return loads[load]();
}
