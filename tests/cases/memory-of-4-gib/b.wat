(module (@dylink.0 (mem-info (memory 100 0))))
