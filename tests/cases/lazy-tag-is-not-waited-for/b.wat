(module (@dylink.0 (mem-info (memory 0 0))) (tag $t (export "t") (param i32)) (import "env" "log" (func $log (param i32)))
  (func (export "__wasm_call_ctors") (call $log (i32.const 2)))
  (func (export "throw") (param i32) (throw $t (local.get 0))))
