(module (@custom "linking" (after last) "\02") (func (export "f")))
