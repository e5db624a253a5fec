#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    void *plug = dlopen("libplug.so", RTLD_NOW);
    if (!plug) {
        printf("%s\n", dlerror());
        return 1;
    }
    char *(*copy)(const char *) = (char *(*)(const char *))dlsym(plug, "copy");
    char *text = copy("allocated there, freed here");
    puts(text);
    free(text); // one heap: one libc
    printf("closed: %d\n", dlclose(plug));
    return 0;
}
