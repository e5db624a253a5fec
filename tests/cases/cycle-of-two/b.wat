(module (@dylink.0 (mem-info (memory 0 0)) (needed "a.so")) (import "env" "__indirect_function_table"
  (table 0 funcref))
  (import "env" "even" (func $even (param i32) (result i32)))
  (func (export "odd") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))))
