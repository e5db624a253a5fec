// WASI has no dup2, so output cannot be captured. The users of googletest read this too.
#define GTEST_HAS_STREAM_REDIRECTION 0
