(module (@dylink.0 (mem-info (memory 4 2)) (needed "b.so"))
  (import "GOT.mem" "__dso_handle" (global $own (mut i32)))
  (import "env" "theirs" (func $theirs (result i32)))
  (func (export "same") (result i32) (i32.eq (global.get $own) (call $theirs))))
