(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "memory" (memory 0))
  (func (export "size") (result i32) (memory.size)))
