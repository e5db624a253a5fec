(module (@dylink.0 (mem-info (memory 0 0)) (needed "a.so"))
  (import "env" "f" (func $next (param i32 i64 f32 f64) (result f64)))
  (func (export "h") (param i32 i64 f32 f64) (result f64)
    (call $next (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
