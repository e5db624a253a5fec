(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "log" (func $log (param i32))))
