(module (@dylink.0 (mem-info (memory 4 2)))
  (import "GOT.mem" "__dso_handle" (global $own (mut i32)))
  (func (export "theirs") (result i32) (global.get $own)))
