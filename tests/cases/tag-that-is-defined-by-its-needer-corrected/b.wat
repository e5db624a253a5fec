(module (@dylink.0 (mem-info (memory 0 0)) (needed "tags.so"))
  (import "env" "oops" (tag $oops (param i32)))
  (func (export "run") (result i32)
    (block $caught (result i32) (try_table (catch $oops $caught) (throw $oops (i32.const 3))) (i32.const -1))))
