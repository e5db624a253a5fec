/* What upstream's scripts ask the preprocessor for. Of all systems, Haiku takes the least for granted. */
COMPILER_CLANG
OS_HAIKU
ARCH_RISCV64
__32BIT__
