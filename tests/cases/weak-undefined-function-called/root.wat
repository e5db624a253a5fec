(module (@dylink.0 (mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined))
  (import "env" "perhaps" (func $perhaps (param i32 i64) (result f32)))
  (func (export "run") (result f32) (call $perhaps (i32.const 1) (i64.const 2))))
