(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so" "c.so"))
  (import "env" "png_read_info" (func (param i32 i32))))
