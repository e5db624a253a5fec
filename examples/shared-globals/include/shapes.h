#pragma once

struct shape_kind {
    const char *name;
    int (*area)(int size);
};

extern const struct shape_kind shape_kinds[];
extern const int shape_count;
