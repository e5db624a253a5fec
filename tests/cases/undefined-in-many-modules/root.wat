(module (@dylink.0 (mem-info (memory 0 0)) (needed "user0.so" "user1.so" "user2.so" "user3.so" "user4.so")))
