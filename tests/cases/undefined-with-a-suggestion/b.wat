(module (@dylink.0 (mem-info (memory 0 0))) (func (export "png_read_info") (param i32 i32))
  (func (export "png_read_image") (param i32 i32)))
