(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")
    (import-info "env" "perhaps" binding-weak undefined))
  (import "env" "perhaps" (func $perhaps (result i32))))
