(module (@dylink.0 (mem-info (memory 0 0)) (needed "one.so" "b.so" "two.so")))
