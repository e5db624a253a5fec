(module (@dylink.0 (mem-info (memory 0 0))) (import "env" "log" (func $log (param i32)))
  (func (export "__wasm_call_ctors") (call $log (i32.const 3)))
  (func (export "maybe") (result i32) (i32.const 9)))
