(module (@dylink.0 (mem-info (memory 0 0)))
  (func $f (export "f") (result i32) (i32.const 2))
  (func (export "ask") (result i32) (call $f)))
