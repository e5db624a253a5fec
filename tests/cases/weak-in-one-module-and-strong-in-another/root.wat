(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so") (import-info "env" "f" binding-weak undefined))
  (import "env" "f" (func)))
