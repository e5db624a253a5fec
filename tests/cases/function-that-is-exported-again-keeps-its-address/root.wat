(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "GOT.func" "f" (global $f (mut i32)))
  (import "GOT.func" "g" (global $g (mut i32)))
  (func (export "same") (result i32) (i32.eq (global.get $f) (global.get $g))))
