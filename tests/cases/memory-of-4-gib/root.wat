(module (@dylink.0 (mem-info (memory 4294967295 0)) (needed "b.so")))
