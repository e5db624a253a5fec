(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "oops" (tag (param i32))))
