(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so" "c.so")) (import "env" "__indirect_function_table"
  (table 0 funcref))
  (import "GOT.func" "f" (global $f (mut i32)))
  (func (export "address") (result i32) (global.get $f))
  (func (export "call") (result i32) (call_indirect (result i32) (global.get $f))))
