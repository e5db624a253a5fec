(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "memory" (memory 0))
  (func (export "grow") (param i32) (result i32) (i32.ge_s (memory.grow (local.get 0)) (i32.const 0))))
