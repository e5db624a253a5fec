(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "ask" (func $ask (result i32)))
  (func (export "f") (result i32) (i32.const 1))
  (func (export "run") (result i32 i32) (call $ask) (i32.const 1)))
