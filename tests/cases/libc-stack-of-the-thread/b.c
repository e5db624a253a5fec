#define _GNU_SOURCE
#include <pthread.h>
int within(void *address, unsigned long *size) {
    pthread_attr_t attributes;
    void *lowest;
    size_t bytes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0 || pthread_attr_getstack(&attributes, &lowest, &bytes) != 0)
        return -1;
    *size = bytes;
    return (char *)address >= (char *)lowest && (char *)address < (char *)lowest + bytes;
}
