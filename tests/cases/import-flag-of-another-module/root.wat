(module
  (@dylink.0 (mem-info (memory 0 0)) (import-info "other" "a" binding-weak undefined))
  (import "host" "a" (func $a)) (func (export "run") (call $a)))
