(module (@dylink.0 (mem-info (memory 4 2)) (needed "b.so" "c.so"))
  (import "GOT.mem" "__heap_base" (global $heap (mut i32)))
  (import "GOT.mem" "__dso_handle" (global $dso (mut i32)))
  (func (export "run") (result i32 i32) (i32.eq (global.get $heap) (i32.const 0x1234)) (i32.eq (global.get $dso) (i32.const 0x1234))))
