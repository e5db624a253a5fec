(module (@dylink.0 (mem-info (memory 0 0))) (func (export "c") (result i32) (i32.const 2)))
