(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "g" (func $g (param i32) (result i32)))
  (func (export "f") (param i32) (result i32) (call $g (local.get 0))))
