(module (@custom "dylink.0" (before first) "\01\04\04\28\00\00"))
