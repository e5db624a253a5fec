(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "gone" (func (param i32))) (func (export "f@N@")))
