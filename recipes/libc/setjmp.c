/* The run-time half of setjmp and longjmp. LLVM's -wasm-enable-sjlj turns a call of setjmp into bookkeeping in the
 * calling function and calls the three functions below, whose interface LLVM pull request 84137 describes: a jmp_buf
 * remembers which invocation of which function it belongs to, and which of its setjmp calls. */

struct jump {
    void *invocation; /* the frame that called setjmp: a value unique among live frames */
    unsigned label;   /* which setjmp call of that function, counted from 1 */
    struct {
        void *buffer;
        int value;
    } thrown; /* what the exception carries: LLVM's landing code reads both fields */
};

void __wasm_setjmp(struct jump *jump, unsigned label, void *invocation) {
    if (label == 0 || invocation == 0)
        __builtin_trap();
    jump->invocation = invocation;
    jump->label = label;
}

/* The label to go on at, or 0 where the jump is for another frame, further up. */
unsigned __wasm_setjmp_test(struct jump *jump, void *invocation) {
    if (jump->label == 0 || invocation == 0)
        __builtin_trap();
    return jump->invocation == invocation ? jump->label : 0;
}

_Noreturn void __wasm_longjmp(struct jump *jump, int value) {
    jump->thrown.buffer = jump;
    jump->thrown.value = value == 0 ? 1 : value; /* C: longjmp with 0 makes setjmp return 1 */
    __builtin_wasm_throw(1, &jump->thrown);      /* 1: LLVM's number for __c_longjmp */
}

/* The one definition in the process of the exception tag that longjmp throws. */
__asm__(".globl __c_longjmp\n"
        ".tagtype __c_longjmp i32\n"
        "__c_longjmp:\n");
