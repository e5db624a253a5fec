(module (@custom "dylink.0" (before first) "") (func (export "f") (result i32) (i32.const 1)))
