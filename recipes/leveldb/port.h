// leveldb's port to one thread. Work for the background waits in a queue, and runs when no lock is held, or when somebody
// waits: as with threads whose background thread is quick. What would wait for ever, ends the process.
#ifndef STORAGE_LEVELDB_PORT_PORT_STDCXX_H_
#define STORAGE_LEVELDB_PORT_PORT_STDCXX_H_

#include <snappy.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "leveldb/export.h"
#include "port/port_config.h"
#include "port/thread_annotations.h"

namespace leveldb {
namespace port {

void RunLater(void (*function)(void*), void* argument);

class LOCKABLE LEVELDB_EXPORT Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() EXCLUSIVE_LOCK_FUNCTION();
  void Unlock() UNLOCK_FUNCTION();
  void AssertHeld() ASSERT_EXCLUSIVE_LOCK() { assert(held_); }

 private:
  friend class CondVar;
  bool held_ = false;
};

class LEVELDB_EXPORT CondVar {
 public:
  explicit CondVar(Mutex* mutex) : mutex_(mutex) {}
  CondVar(const CondVar&) = delete;
  CondVar& operator=(const CondVar&) = delete;

  void Wait();
  void Signal() {}
  void SignalAll() {}

 private:
  Mutex* const mutex_;
};

inline bool Snappy_Compress(const char* input, size_t length, std::string* output) {
  snappy::Compress(input, length, output);
  return true;
}

inline bool Snappy_GetUncompressedLength(const char* input, size_t length, size_t* result) {
  return snappy::GetUncompressedLength(input, length, result);
}

inline bool Snappy_Uncompress(const char* input, size_t length, char* output) {
  return snappy::RawUncompress(input, length, output);
}

inline bool GetHeapProfile(void (*)(void*, const char*, int), void*) { return false; }
inline uint32_t AcceleratedCRC32C(uint32_t, const char*, size_t) { return 0; }

}  // namespace port
}  // namespace leveldb

#endif
