(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "__stack_pointer" (global $sp (mut i32)))
  (func (export "size") (result i32) (global.get $sp))
  (@custom "wasmbuild" (after last) "{\"stack_bytes\": 8200}"))
