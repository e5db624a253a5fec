(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (import "env" "gzseek" (func (param i32 i64 i32) (result i64))))
