(module (@dylink.0 (mem-info (memory 5 3))) (import "env" "__memory_base" (global $memory_base i32))
  (func (export "rest_b") (result i32) (i32.and (global.get $memory_base) (i32.const 7))))
