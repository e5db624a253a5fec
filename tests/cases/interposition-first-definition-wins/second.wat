(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "f" (func $f (result i32)))
  (func (export "f") (result i32) (i32.const 2))
  (func (export "ask") (result i32) (call $f)))
