(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so" "c.so"))
  (import "env" "memory" (memory 0))
  (global (export "__wasm_apply_data_relocs") i32 (i32.const 0))
  (func (export "_initialize") (param i32)))
