(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "__indirect_function_table"
  (table 0 funcref))
  (import "GOT.func" "log" (global $log (mut i32)))
  (import "env" "address" (func $address (result i32)))
  (func (export "call") (param i32) (call_indirect (param i32) (local.get 0) (global.get $log)))
  (func (export "compare") (result i32) (i32.eq (global.get $log) (call $address))))
