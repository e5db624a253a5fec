(module (@custom "dylink.0" (before first) "\01\04\04\02\00\00") (@custom "dylink.0" (before first) "\01\04\04\02\00\00"))
