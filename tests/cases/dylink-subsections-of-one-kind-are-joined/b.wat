(module (@dylink.0 (mem-info (memory 0 0))) (func (export "b") (result i32) (i32.const 1)))
