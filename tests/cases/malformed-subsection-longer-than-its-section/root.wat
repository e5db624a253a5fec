(module (@custom "dylink.0" (before first) "\01\40\04\02\00\00"))
