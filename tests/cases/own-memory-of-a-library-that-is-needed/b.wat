(module (@dylink.0 (mem-info (memory 0 0))) (memory (export "memory") 1) (func (export "f") (param i32)))
