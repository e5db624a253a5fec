(module (@dylink.0 (mem-info (memory 0 0)) (needed "c.so"))
  (import "env" "log" (func $log (param i32)))
  (func (export "__wasm_call_ctors") (call $log (i32.const 2))))
