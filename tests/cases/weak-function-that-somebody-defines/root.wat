(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")
    (import-info "env" "perhaps" binding-weak undefined)) (import "env" "__indirect_function_table"
    (table 0 funcref))
  (import "env" "perhaps" (func $perhaps (result i32)))
  (import "GOT.func" "perhaps" (global $address (mut i32)))
  (func (export "run") (result i32 i32) (call $perhaps) (call_indirect (result i32) (global.get $address))))
