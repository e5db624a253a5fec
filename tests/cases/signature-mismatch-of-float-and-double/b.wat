(module (@dylink.0 (mem-info (memory 0 0))) (func (export "f") (param f32) (result f32) (f32.const 0)))
