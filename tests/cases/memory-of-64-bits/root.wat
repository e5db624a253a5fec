(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "memory" (memory i64 1))
  (import "env" "__memory_base" (global i64)) (import "GOT.mem" "errno" (global (mut i64))))
