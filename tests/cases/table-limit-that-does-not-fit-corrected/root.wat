(module (@dylink.0 (mem-info (memory 0 0) (table 5 0)) (needed "b.so"))
  (import "env" "__indirect_function_table" (table 0 funcref)) (import "GOT.func" "f" (global (mut i32))))
