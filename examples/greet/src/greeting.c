#include "greeting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int greeting_letters;

char *greeting_for(const char *name) {
    const char *word = getenv("GREETING");
    if (word == NULL)
        word = "hello";
    int length = snprintf(NULL, 0, "%s, %s!", word, name);
    char *text = malloc(length + 1);
    if (text != NULL) {
        snprintf(text, length + 1, "%s, %s!", word, name);
        greeting_letters += strlen(name);
    }
    return text;
}
