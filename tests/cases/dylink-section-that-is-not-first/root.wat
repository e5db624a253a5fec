(module (@custom "producers" (before first) "\00") (@custom "dylink.0" (after last) "\01\04\00\00\00\00")
  (func (export "f") (result i32) (i32.const 1)))
