(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "three" (func)) (import "env" "four" (tag)))
