(module (@dylink.0 (mem-info (memory 8 2))) (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $memory_base i32))
  (global (export "x") i32 (i32.const 4))
  (data (offset (global.get $memory_base)) "\00\00\00\00\09\00\00\00"))
