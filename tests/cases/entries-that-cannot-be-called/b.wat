(module (@dylink.0 (mem-info (memory 0 0)))
  (import "env" "memory" (memory 0))
  (export "__wasm_call_ctors" (memory 0)))
