(module (@dylink.0 (mem-info (memory 0 0)) (needed "alias.so"))
  (import "env" "count" (func $count (result i32)))
  (func (export "__wasm_call_ctors") (drop (call $count))))
