(module (@dylink.0 (mem-info (memory 0 0)) (needed "a.so"))
  (import "env" "log" (func $log (param i32)))
  (import "env" "ready" (func $ready (result i32)))
  (func (export "__wasm_call_ctors") (call $log (call $ready))))
