(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "count" (func $count (result i32)))
  (func (export "ask_c") (result i32) (call $count)))
