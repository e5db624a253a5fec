(module (@dylink.0 (mem-info (memory 0 0) (table 5 0))) (import "env" "__indirect_function_table"
  (table 5 12 funcref)) (func (export "f")))
