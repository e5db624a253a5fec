(module (@dylink.0 (mem-info (memory 200 2)) (needed "b.so")) (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $memory_base i32))
  (data (offset (i32.add (global.get $memory_base) (i32.const 100))) "\05")
  (func (export "sum") (result i32) (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (global.get $memory_base) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 200))))
    (local.get $sum)))
