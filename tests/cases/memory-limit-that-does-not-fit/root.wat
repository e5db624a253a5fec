(module (@dylink.0 (mem-info (memory 1000000 0)) (needed "b.so")) (import "env" "memory" (memory 0)))
