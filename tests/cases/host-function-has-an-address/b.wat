(module (@dylink.0 (mem-info (memory 0 0)))
  (import "GOT.func" "log" (global $log (mut i32)))
  (func (export "address") (result i32) (global.get $log)))
