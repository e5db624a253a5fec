(module (@dylink.0 (mem-info (memory 0 0))) (import "GOT.mem" "gone" (global $gone (mut i32))))
