(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "__indirect_function_table"
  (table 0 funcref))
  (import "env" "odd" (func $odd (param i32) (result i32)))
  (func (export "even") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1)))))
