(module (@dylink.0 (mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined))
  (import "GOT.mem" "perhaps" (global $perhaps (mut i32)))
  (func (export "address") (result i32) (global.get $perhaps)))
