/* What WASI has not, told to Lua. Included before every source of it. */

/* There is no shell: os.execute() says so, os.execute("command") fails. */
#include <stdlib.h>
#define system(command) ((command) == 0 ? 0 : -1)

/* There is no directory for temporary files: os.tmpname() and io.tmpfile() fail. */
#define LUA_TMPNAMBUFSIZE 1
#define lua_tmpnam(buffer, failed) { (void)(buffer); failed = 1; }
#include <stdio.h> /* declares tmpfile, which is then not called */
#define tmpfile() ((FILE *)0)
