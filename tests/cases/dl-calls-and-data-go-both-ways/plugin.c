int host_twice(int);
extern int host_count;

int plugin_count = 3;
int (*plugin_calls)(int) = host_twice;

static int triple(int n) { return 3 * n; }
int (*chosen(int which))(int) { return which ? triple : host_twice; }

int work(int n) {
    host_count += n;
    plugin_count++;
    return host_twice(n) + plugin_calls(n);
}
