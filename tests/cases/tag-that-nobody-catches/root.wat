(module (@dylink.0 (mem-info (memory 0 0))) (tag $oops (param i32))
  (func (export "run") (throw $oops (i32.const 1))))
