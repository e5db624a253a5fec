(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so"))
  (@custom "wasmbuild" "{\22lazy\22: [\22b.so\22]}")
  (import "env" "f" (func)))
