(module (@dylink.0 (mem-info (memory 3 0)) (needed "b.so" "c.so" "d.so"))
  (import "env" "__memory_base" (global $memory_base i32))
  (func (export "rest") (result i32) (i32.and (global.get $memory_base) (i32.const 0))))
