(module (@custom "dylink.0" (before first) "\02\04\01\02\ff\fe"))
