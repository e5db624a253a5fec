namespace png { struct Reader { int read(const char *name, int size); }; }
extern "C" int run() { png::Reader reader; return reader.read("x", 1); }
