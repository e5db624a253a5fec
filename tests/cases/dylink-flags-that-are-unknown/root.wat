(module (@custom "dylink.0" (before first) "\01\04\00\00\00\00\03\06\01\01f\80\80\04")
  (func (export "f") (result i32) (i32.const 1)) (func (export "run") (result i32) (i32.const 2)))
