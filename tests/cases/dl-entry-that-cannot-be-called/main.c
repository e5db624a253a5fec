#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const char *names[] = {"global.so", "large.so", "strange.so"};
    for (int i = 0; i < 3; i++) {
        void *handle = dlopen(names[i], RTLD_NOW);
        char *said = dlerror(), *engine = strstr(said, "to start:");
        if (engine) engine[strlen("to start:")] = 0; /* what follows are the engine's words */
        printf("%p %s\n", handle, said);
    }
    return 0;
}
