(module (@dylink.0 (mem-info (memory 0 0)))
  (import "GOT.func" "f" (global $f (mut i32)))
  (func (export "f") (result i32) (i32.const 2))
  (func (export "address_b") (result i32) (global.get $f)))
