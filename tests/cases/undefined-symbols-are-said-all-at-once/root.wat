(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "one" (func))
  (import "GOT.mem" "two" (global (mut i32))))
