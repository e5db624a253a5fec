(module (@dylink.0 (mem-info (memory 1000000 0))) (import "env" "memory" (memory 1 50)))
