(module (@dylink.0 (mem-info (memory 0 0)) (needed "tags.so"))
  (import "env" "oops" (tag $oops (param i32)))
  (func (export "throw") (param i32) (throw $oops (local.get 0))))
