#include <glib.h>
#include <hb.h>
