(module (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32)))
