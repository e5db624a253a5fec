/* In a module that is linked dynamically, the address that clang 22 and later would have here is not the page size: wasm-ld
 * adds the base of the module's data to it (LLVM issue 153759). Pages of other sizes do not join a process either. */
#ifndef __wasilibc___macro_PAGESIZE_h
#define __wasilibc___macro_PAGESIZE_h

#define PAGESIZE 0x10000

#endif
