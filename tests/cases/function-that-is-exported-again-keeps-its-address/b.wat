(module (@dylink.0 (mem-info (memory 0 0)) (needed "c.so"))
  (import "env" "f" (func $f (result i32)))
  (export "g" (func $f)))
