(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "host_log" (func (param i32)))
  (import "env" "host_alloc" (func (param i32) (result i32)))
  (import "env" "host_free" (func (param i32))))
