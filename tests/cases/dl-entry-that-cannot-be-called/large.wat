(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "memory" (memory 65536)))
