(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "f" (func $f (param i32)))
  (import "env" "memory" (memory 0)) (func (export "run") (call $f (i32.const 1))))
