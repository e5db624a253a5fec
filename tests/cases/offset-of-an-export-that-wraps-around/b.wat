(module (@dylink.0 (mem-info (memory 8 3))) (import "env" "__memory_base" (global $memory_base i32))
  (global (export "x") i32 (i32.const -4))
  (func (export "base") (result i32) (global.get $memory_base)))
