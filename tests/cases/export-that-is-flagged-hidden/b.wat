(module (@dylink.0 (mem-info (memory 0 0)) (export-info "f" visibility-hidden) (export-info "g" binding-local))
  (func (export "f") (result i32) (i32.const 1)) (func (export "g") (result i32) (i32.const 2)))
