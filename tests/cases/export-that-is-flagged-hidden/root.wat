(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "f" (func $f (result i32))) (import "env" "g" (func $g (result i32)))
  (func (export "run") (result i32) (i32.add (call $f) (call $g))))
