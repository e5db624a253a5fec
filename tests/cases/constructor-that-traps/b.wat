(module (@dylink.0 (mem-info (memory 0 0)) (needed "c.so")) (func (export "__wasm_call_ctors") (unreachable)))
