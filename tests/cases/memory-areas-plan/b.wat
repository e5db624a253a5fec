(module (@dylink.0 (mem-info (memory 5 3) (table 3 3)))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32)))
