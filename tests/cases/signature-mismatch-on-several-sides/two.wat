(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "f" (func (result i32))))
