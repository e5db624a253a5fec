(module (@dylink.0 (mem-info (memory 0 0))) (func (export "f")) (func (export "g")) (func (export "h"))
  (func (export "i")))
