(module (@dylink.0 (mem-info (memory 0 0))) (func $f (param i32)) (start $f))
