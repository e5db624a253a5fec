#include <nlohmann/detail/abi_macros.hpp>

/* 3.11.3 is 31103 */
extern "C" int nlohmann_json_version(void) {
    return (NLOHMANN_JSON_VERSION_MAJOR * 100 + NLOHMANN_JSON_VERSION_MINOR) * 100 + NLOHMANN_JSON_VERSION_PATCH;
}
