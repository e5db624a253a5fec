(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "memory" (memory 0))
  (import "env" "size_before" (func $before (result i32)))
  (func (export "grown") (result i32) (i32.sub (memory.size) (call $before))))
