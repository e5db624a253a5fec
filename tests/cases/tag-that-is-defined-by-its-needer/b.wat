(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "oops" (tag (param i32))))
