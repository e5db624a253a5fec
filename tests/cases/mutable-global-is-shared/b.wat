(module (@dylink.0 (mem-info (memory 0 0)))
  (global $level (export "level") (mut i64) (i64.const 1))
  (func (export "get") (result i64) (global.get $level)))
