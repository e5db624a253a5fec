(module (@dylink.0 (mem-info (memory 64 4)) (export-info "fixed" absolute)) (import "env" "memory" (memory 0))
  (global (export "fixed") i32 (i32.const 48))
  (global (export "moved") i32 (i32.const 48)))
