(module (@dylink.0 (mem-info (memory 2200000000 4))))
