(module (@dylink.0 (mem-info (memory 0 0)) (needed "plugin.so")) (func (export "host_log") (param i32))
  (func (export "host_alloc") (param i32) (result i32) (i32.const 0)) (func (export "host_free") (param i32)))
