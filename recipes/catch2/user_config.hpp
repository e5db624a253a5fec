// What upstream's CMake would write; there are no signals to handle.
#pragma once
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#define CATCH_CONFIG_DEFAULT_REPORTER "console"
#define CATCH_CONFIG_CONSOLE_WIDTH 80
