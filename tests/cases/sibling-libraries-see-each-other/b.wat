(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "g" (func $g (result i32)))
  (func (export "f") (result i32) (i32.add (call $g) (i32.const 1))))
