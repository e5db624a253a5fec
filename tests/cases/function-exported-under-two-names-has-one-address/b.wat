(module (@dylink.0 (mem-info (memory 0 0) (table 1 0))) (import "env" "__indirect_function_table"
  (table 0 funcref)) (import "env" "__table_base" (global $table_base i32))
  (func $f (export "f") (export "f_alias"))
  (func $g (export "g") (export "g_alias"))
  (elem (global.get $table_base) $g))
