int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
