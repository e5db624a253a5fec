(module (@dylink.0 (mem-info (memory 0 0)) (needed "one.so" "two.so" "right.so" "definer.so")))
