(module (@custom "dylink.0" (before first) "\01\02\04\02"))
