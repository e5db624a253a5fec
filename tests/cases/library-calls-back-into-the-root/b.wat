(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "once" (func $once (param i32) (result i32)))
  (func (export "twice") (param i32) (result i32) (call $once (call $once (local.get 0)))))
