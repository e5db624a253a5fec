int saturated(double x) { return __builtin_wasm_trunc_saturate_s_i32_f64(x); }
int truncated(double x) { return (int)x; }
