#pragma once

/* A greeting for a name, from malloc; NULL with errno set when there is no memory. */
char *greeting_for(const char *name);

/* How many letters were greeted so far. */
extern int greeting_letters;
