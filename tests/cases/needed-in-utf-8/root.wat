(module (@dylink.0 (mem-info (memory 0 0)) (needed "größe ü.so"))
  (import "env" "größe" (func $f (result i32)))
  (func (export "b") (result i32) (call $f)))
