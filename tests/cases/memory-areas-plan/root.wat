(module (@dylink.0 (mem-info (memory 3 0) (table 2 0)) (needed "b.so" "c.so" "d.so")) (import "env" "memory"
  (memory 0)) (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__stack_pointer" (global $sp (mut i32)))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32)))
