(module (@dylink.0 (mem-info (memory 0 0)))
  (import "GOT.func" "f" (global $f (mut i32)))
  (func (export "address_too") (result i32) (global.get $f)))
