(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "__cpp_exception" (tag (param i32))))
