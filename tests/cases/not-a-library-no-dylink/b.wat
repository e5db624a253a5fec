(module (import "env" "memory" (memory 0)) (import "env" "__memory_base" (global $memory_base i32))
  (func (export "f")))
