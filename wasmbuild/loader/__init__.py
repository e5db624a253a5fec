"""Does it run? Carries a `LinkPlan` out in wasmtime; decides nothing itself."""
