(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "memory" (memory 0))
  (import "GOT.mem" "t" (global $t (mut i32)))
  (func (export "read") (result i32) (i32.load (global.get $t))))
