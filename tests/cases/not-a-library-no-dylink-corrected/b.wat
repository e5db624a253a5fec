(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $memory_base i32)) (func (export "f")))
