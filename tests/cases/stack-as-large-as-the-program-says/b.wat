(module (@dylink.0 (mem-info (memory 0 0))) (@custom "wasmbuild" (after last) "{\"stack_bytes\": 16}"))
