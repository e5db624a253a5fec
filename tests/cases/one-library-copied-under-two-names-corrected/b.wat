(module (@dylink.0 (mem-info (memory 0 0)))
  (global $n (mut i32) (i32.const 0))
  (func (export "b_init")) (func (export "b_exit"))
  (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
