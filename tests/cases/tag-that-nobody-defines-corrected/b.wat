(module (@dylink.0 (mem-info (memory 0 0))) (tag (export "__cpp_exception") (param i32)))
