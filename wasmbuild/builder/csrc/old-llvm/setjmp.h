/* Stands before libc's own header when clang is older than LLVM 20, which cannot make what setjmp needs. */
#error setjmp needs LLVM 20 or later: choose a newer one in toolchain.yaml, or `toolchain: zig`, which needs no installing
