(module (@custom "dylink.0" (before first) "\01\05\04\02\00\00\07"))
