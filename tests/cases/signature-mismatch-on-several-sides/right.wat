(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "f" (func (param i32))))
