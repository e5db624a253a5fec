(module (import "env" "memory" (memory 0)) (func (export "f")))
