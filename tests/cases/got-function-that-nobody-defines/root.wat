(module (@dylink.0 (mem-info (memory 0 0))) (import "GOT.func" "gone" (global $gone (mut i32))))
