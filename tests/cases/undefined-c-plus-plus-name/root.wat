(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "_ZN3foo3barEi" (func (param i32))))
