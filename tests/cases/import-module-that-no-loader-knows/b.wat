(module (@dylink.0 (mem-info (memory 0 0)))
  (import "wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32))) (func (export "f")))
