(module (@dylink.0 (mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined))
  (import "env" "perhaps" (func (param externref))))
