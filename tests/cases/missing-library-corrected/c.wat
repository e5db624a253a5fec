(module (@dylink.0 (mem-info (memory 0 0)) (needed "gone.so") (runtime-path "$ORIGIN/plugins" "$ORIGIN")))
