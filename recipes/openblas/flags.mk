# No flags of the processor whose kernels these are.
CCOMMON_OPT += -D_WASI_EMULATED_MMAN -DYIELDING=
