(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "twice" (func $twice (param i32) (result i32)))
  (func (export "once") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "run") (param i32) (result i32) (call $twice (local.get 0))))
