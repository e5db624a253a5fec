#include <dlfcn.h>
#include <stdio.h>

int host_count = 10;
int host_twice(int n) { return 2 * n; }

int main(void) {
    void *plugin = dlopen("libplugin.so", RTLD_NOW);
    if (!plugin) return puts(dlerror()), 1;
    int (*work)(int) = (int (*)(int))dlsym(plugin, "work");
    int (*(*chosen)(int))(int) = (int (*(*)(int))(int))dlsym(plugin, "chosen");
    int (**calls)(int) = dlsym(plugin, "plugin_calls");
    int *count = dlsym(plugin, "plugin_count");

    printf("work(5) = %d, host_count = %d, plugin_count = %d\n", work(5), host_count, *count);
    printf("chosen: %d %d\n", chosen(0)(7), chosen(1)(7));
    printf("the program's function is one pointer: %d %d\n", chosen(0) == host_twice, *calls == host_twice);
    *calls = chosen(1);
    *count = 100;
    printf("work(5) = %d, plugin_count = %d\n", work(5), *count);
    return 0;
}
