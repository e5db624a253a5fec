int missing(int);
extern int missing_data;
int run(int x) { return missing(x) + missing_data; }
