(module (@dylink.0 (mem-info (memory 4 2))) (import "env" "__memory_base" (global $base i32))
  (memory (export "memory") 32) (data (global.get $base) "1234") (func (export "_start")))
