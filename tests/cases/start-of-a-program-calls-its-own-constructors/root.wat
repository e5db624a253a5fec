(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (import "env" "log" (func $log (param i32)))
  (func $ctors (export "__wasm_call_ctors") (call $log (i32.const 2)))
  (func (export "_start") (call $ctors) (call $log (i32.const 3))))
