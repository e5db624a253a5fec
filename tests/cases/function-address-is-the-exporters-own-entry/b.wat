(module (@dylink.0 (mem-info (memory 0 0) (table 3 0))) (import "env" "__indirect_function_table"
  (table 0 funcref)) (import "env" "__table_base" (global $table_base i32))
  (func $g (result i32) (i32.const 1))
  (func $f (export "f") (result i32) (i32.const 2))
  (elem (global.get $table_base) $g $g $f)
  (func (export "own") (result i32) (i32.add (global.get $table_base) (i32.const 2))))
