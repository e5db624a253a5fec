(module (import "env" "log" (func $log (param i32))) (memory (export "memory") 1 2)
  (func (export "_initialize") (call $log (memory.size)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
