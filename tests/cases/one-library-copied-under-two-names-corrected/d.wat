(module (@dylink.0 (mem-info (memory 0 0)) (needed "b-1.2.so"))
  (import "env" "count" (func $count (result i32))) (func (export "ask_d") (result i32) (call $count)))
