// What the loader asks when an exception has left the last function: wasm has no search before the unwinding, so that
// nobody could call std::terminate before it.

#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>

static const std::terminate_handler standard = std::get_terminate();

static char text[2048];

/// `thrown` is what the tag carries. A handler of the program's own is called, and does not return.
extern "C" __attribute__((visibility("default"))) const char *__wasmbuild_describe_exception(void *thrown) noexcept {
  abi::__cxa_begin_catch(thrown);
  if (std::terminate_handler handler = std::get_terminate(); handler != standard)
    handler();
  const std::type_info *type = abi::__cxa_current_exception_type();
  char *readable = type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr) : nullptr;
  const char *name = readable ? readable : type ? type->name() : "of another language";
  try {
    throw;
  } catch (const std::exception &error) {
    std::snprintf(text, sizeof text, "%s: %s", name, error.what());
  } catch (...) {
    std::snprintf(text, sizeof text, "%s", name);
  }
  std::free(readable);
  return text;
}
