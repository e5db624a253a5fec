// What the loader asks when an exception has left the last function: wasm has no search before the unwinding, so that
// nobody could call std::terminate before it.

#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>

static const std::terminate_handler standard = std::get_terminate();

static char type_text[2048], what_text[2048];
static struct {
  const char *type, *what; // `what` is null for an exception that says nothing
} told;

/// `thrown` is what the tag carries. Where the caller `catches`, the exception ends here, and the process goes on. Else a
/// handler of the program's own is called, and does not return.
extern "C" __attribute__((visibility("default"))) const void *__wasmbuild_take_exception(void *thrown,
                                                                                         bool catches) noexcept {
  abi::__cxa_begin_catch(thrown);
  if (std::terminate_handler handler = std::get_terminate(); !catches && handler != standard)
    handler();
  const std::type_info *type = abi::__cxa_current_exception_type();
  char *readable = type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr) : nullptr;
  const char *name = readable ? readable : type ? type->name() : "of another language";
  std::snprintf(type_text, sizeof type_text, "%s", name);
  std::free(readable);
  told = {type_text, nullptr};
  try {
    throw;
  } catch (const std::exception &error) {
    std::snprintf(what_text, sizeof what_text, "%s", error.what());
    told.what = what_text;
  } catch (...) {
  }
  if (catches)
    abi::__cxa_end_catch();
  return &told;
}
