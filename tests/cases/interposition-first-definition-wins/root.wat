(module (@dylink.0 (mem-info (memory 0 0)) (needed "first.so" "second.so" "third.so")))
