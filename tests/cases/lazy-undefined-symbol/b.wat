(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "nowhere" (func)) (func (export "f") (param i32)))
