(module (@dylink.0 (mem-info (memory 0 0))) (tag (export "oops") (param i32)))
