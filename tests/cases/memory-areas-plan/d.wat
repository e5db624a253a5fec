(module (@dylink.0 (mem-info (memory 100000 16) (table 1 0)))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32)))
