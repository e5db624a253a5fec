(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "memory" (memory 0))
  (import "GOT.mem" "version" (global $version (mut i32)))
  (func (export "run") (result i32) (i32.load (global.get $version))))
