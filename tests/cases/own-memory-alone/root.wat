(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 0) $f) (func $f (call $log (memory.size)))
  (func (export "run") (call_indirect (i32.const 0))))
