(module (@dylink.0 (mem-info (memory 0 0)))
  (func (export "gzseek") (param i32 i32 i32) (result i32) (i32.const 0)))
