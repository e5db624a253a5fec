(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "divide" (func $divide (param i32 i32) (result i32 i32)))
  (func (export "swap") (param i32 i32) (result i32 i32) (local.get 1) (local.get 0))
  (func (export "run") (param i32) (result i32 i32) (call $divide (local.get 0) (i32.const 3))))
