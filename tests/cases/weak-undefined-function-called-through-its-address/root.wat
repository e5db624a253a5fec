(module (@dylink.0 (mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (import "GOT.func" "perhaps" (global $perhaps (mut i32)))
  (func (export "run") (call_indirect (global.get $perhaps))))
