(module (import "env" "gone" (func)) (memory (export "memory") 1))
