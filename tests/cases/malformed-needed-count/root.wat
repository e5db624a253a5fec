(module (@custom "dylink.0" (before first) "\02\06\ff\ff\ff\ff\0f\00"))
