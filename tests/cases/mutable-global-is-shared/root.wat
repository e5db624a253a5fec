(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "level" (global $level (mut i64)))
  (func (export "set") (param i64) (global.set $level (local.get 0))))
