(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "f" (func $f (param i64 f64) (result f64)))
  (func (export "f") (param i64 f64) (result f64) (f64.add (f64.convert_i64_s (local.get 0)) (local.get 1)))
  (func (export "run") (param i64) (result f64) (call $f (local.get 0) (f64.const 0.5))))
