(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so") (runtime-path "$ORIGIN/lib"))
  (import "env" "f" (func $f (result i32)))
  (func (export "run") (result i32) (call $f)))
