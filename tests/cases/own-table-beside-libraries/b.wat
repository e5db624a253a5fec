(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "memory" (memory 0)) (table 2 2 funcref) (elem (i32.const 1) $g) (func $g)
  (func (export "f") (param i32) (call_indirect (local.get 0))))
