/* libffi for WebAssembly, in modules that load each other.
 *
 * A function can only be called with the type that it has, and code cannot be written into memory. So for each type a
 * small module is made, written to a file, and opened with dlopen: one that loads arguments from memory and calls what
 * it is told, or for closures, one that stores its arguments and calls ours. The address of a closure is there before
 * its type is known: an entry of the table, which its module sets.
 *
 * Types are those of the C ABI: a structure with a single element is that element, other structures and results go by
 * their address, `long double` is two i64, and variable arguments lie in memory, one after the other. */

#include <dlfcn.h>
#include <ffi.h>
#include <ffi_common.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, FUNC = 0x60, SLOT = 8 };

/* Of one kind of call: the types of its parameters, and of its result, or 0. */
struct signature {
    struct signature *next;
    void (*call)(void (*function)(void), void *slots);
    unsigned count;
    unsigned char result;
    unsigned char params[];
};

/* ---- What a type is to a call ---- */

/* What a structure with a single element comes down to; others stay. */
static const ffi_type *unwrapped(const ffi_type *type) {
    while (type->type == FFI_TYPE_STRUCT && type->elements[0] != NULL && type->elements[1] == NULL &&
           type->elements[0]->size == type->size)
        type = type->elements[0];
    return type;
}

static bool is_empty(const ffi_type *type) {
    return type->type == FFI_TYPE_STRUCT && type->elements[0] == NULL;
}

static bool is_wide(const ffi_type *type) {
    return type->type == FFI_TYPE_LONGDOUBLE && type->size == 16;
}

static unsigned char value_type(const ffi_type *type) {
    switch (type->type) {
    case FFI_TYPE_UINT64:
    case FFI_TYPE_SINT64:
        return I64;
    case FFI_TYPE_FLOAT:
        return F32;
    case FFI_TYPE_DOUBLE:
    case FFI_TYPE_LONGDOUBLE:
        return F64;
    }
    return I32;
}

static bool by_address(const ffi_type *result) {
    result = unwrapped(result);
    return (result->type == FFI_TYPE_STRUCT && !is_empty(result)) || is_wide(result);
}

static struct signature *signatures;

static struct signature *signature_of(const ffi_cif *cif) {
    unsigned char params[2 * cif->nargs + 2];
    const ffi_type *result = unwrapped(cif->rtype);
    unsigned count = 0;
    unsigned char returns = 0;

    if (by_address(cif->rtype))
        params[count++] = I32;
    else if (result->type != FFI_TYPE_VOID && !is_empty(result))
        returns = value_type(result);
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        const ffi_type *type = unwrapped(cif->arg_types[i]);
        if (is_empty(type))
            continue;
        if (is_wide(type))
            params[count++] = I64;
        params[count++] = is_wide(type) ? I64 : value_type(type);
    }
    if (cif->bytes) /* here: whether there are variable arguments */
        params[count++] = I32;

    for (struct signature *each = signatures; each != NULL; each = each->next)
        if (each->count == count && each->result == returns && memcmp(each->params, params, count) == 0)
            return each;
    struct signature *made = malloc(sizeof *made + count);
    if (made == NULL)
        abort();
    *made = (struct signature){.next = signatures, .count = count, .result = returns};
    memcpy(made->params, params, count);
    return signatures = made;
}

/* ---- Modules ---- */

struct bytes {
    unsigned char *data;
    size_t size, room;
};

static void put(struct bytes *to, int byte) {
    if (to->size == to->room) {
        to->room = to->room ? 2 * to->room : 256;
        to->data = realloc(to->data, to->room);
        if (to->data == NULL)
            abort();
    }
    to->data[to->size++] = (unsigned char)byte;
}

static void put_unsigned(struct bytes *to, uint32_t value) {
    for (; value >= 0x80; value >>= 7)
        put(to, value | 0x80);
    put(to, value);
}

static void put_const(struct bytes *to, int32_t value) {
    put(to, 0x41);
    for (; value < -64 || value >= 64; value >>= 7)
        put(to, (value & 0x7f) | 0x80);
    put(to, value & 0x7f);
}

static void put_all(struct bytes *to, const void *data, size_t size) {
    for (size_t i = 0; i < size; i++)
        put(to, ((const unsigned char *)data)[i]);
}

static void put_name(struct bytes *to, const char *name) {
    put_unsigned(to, strlen(name));
    put_all(to, name, strlen(name));
}

static void put_section(struct bytes *to, int id, struct bytes *content) {
    put(to, id);
    put_unsigned(to, content->size);
    put_all(to, content->data, content->size);
    content->size = 0;
}

static void put_access(struct bytes *to, bool store, unsigned char type, uint32_t offset) {
    static const unsigned char loads[] = {[F64 - F64] = 0x2b, [F32 - F64] = 0x2a, [I64 - F64] = 0x29, [I32 - F64] = 0x28};
    put(to, loads[type - F64] + (store ? 0x0e : 0));
    put(to, type == I64 || type == F64 ? 3 : 2);
    put_unsigned(to, offset);
}

static void put_indexed(struct bytes *to, int instruction, uint32_t index) {
    put(to, instruction);
    put_unsigned(to, index);
}

enum { LOCAL_GET = 0x20, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, CALL_INDIRECT = 0x11, END = 0x0b, ADD = 0x6a };

/* A shared library with what it imports from its loader, and a function that is exported under `name`. Its types are the
 * signature, (i32, i32) -> () and (i32) -> (i32). */
static void *open_module(const struct signature *signature, const char *name, const unsigned char *types, unsigned functions,
                         const struct bytes *bodies) {
    static const unsigned char magic[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const unsigned char dylink[] = {8, 'd', 'y', 'l', 'i', 'n', 'k', '.', '0', 1, 4, 0, 0, 0, 0};
    static const unsigned char others[] = {FUNC, 2, I32, I32, 0, FUNC, 1, I32, 1, I32};
    struct bytes module = {0}, part = {0};
    char path[32] = "ffi-XXXXXX";
    const char *directories[] = {".", "/tmp", "/"};
    void *found = NULL;

    put_all(&module, magic, sizeof magic);
    put_all(&part, dylink, sizeof dylink);
    put_section(&module, 0, &part);
    put(&part, 3);
    put(&part, FUNC);
    put_unsigned(&part, signature ? signature->count : 0);
    if (signature)
        put_all(&part, signature->params, signature->count);
    put(&part, signature && signature->result);
    if (signature && signature->result)
        put(&part, signature->result);
    put_all(&part, others, sizeof others);
    put_section(&module, 1, &part);
    put(&part, 3);
    put_name(&part, "env");
    put_name(&part, "memory");
    put_all(&part, (unsigned char[]){2, 0, 0}, 3);
    put_name(&part, "env");
    put_name(&part, "__indirect_function_table");
    put_all(&part, (unsigned char[]){1, 0x70, 0, 0}, 4);
    put_name(&part, "env");
    put_name(&part, "__stack_pointer");
    put_all(&part, (unsigned char[]){3, I32, 1}, 3);
    put_section(&module, 2, &part);
    put_unsigned(&part, functions);
    put_all(&part, types, functions);
    put_section(&module, 3, &part);
    put_unsigned(&part, functions);
    put_name(&part, name);
    put_unsigned(&part, 0);
    put_unsigned(&part, functions - 1);
    if (functions == 2) { /* a function that `ref.func` names is exported */
        put_name(&part, "__ffi_closure");
        put_unsigned(&part, 0);
        put_unsigned(&part, 0);
    }
    put_section(&module, 7, &part);
    put_unsigned(&part, functions);
    for (unsigned i = 0; i < functions; i++) {
        put_unsigned(&part, bodies[i].size);
        put_all(&part, bodies[i].data, bodies[i].size);
    }
    put_section(&module, 10, &part);

    for (unsigned i = 0; i < sizeof directories / sizeof *directories && found == NULL; i++) {
        snprintf(path, sizeof path, "%s/ffi-XXXXXX", directories[i]);
        int file = mkstemp(path);
        if (file < 0)
            continue;
        if (write(file, module.data, module.size) == (ssize_t)module.size)
            found = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        close(file);
        unlink(path);
    }
    if (found == NULL)
        fprintf(stderr, "libffi: no directory to make a library in: %s\n", dlerror());
    free(module.data);
    free(part.data);
    return found;
}

/* call(function, slots): the arguments are in the slots from the second one, the result is put into the first. */
static bool make_call(struct signature *signature) {
    struct bytes body = {0};

    put(&body, 0);
    if (signature->result)
        put_indexed(&body, LOCAL_GET, 1);
    for (unsigned i = 0; i < signature->count; i++) {
        put_indexed(&body, LOCAL_GET, 1);
        put_access(&body, false, signature->params[i], SLOT * (i + 1));
    }
    put_indexed(&body, LOCAL_GET, 0);
    put_indexed(&body, CALL_INDIRECT, 0);
    put(&body, 0);
    if (signature->result)
        put_access(&body, true, signature->result, 0);
    put(&body, END);
    void *module = open_module(signature, "__ffi_call", (unsigned char[]){1}, 1, &body);
    free(body.data);
    if (module != NULL)
        signature->call = (void (*)(void (*)(void), void *))dlsym(module, "__ffi_call");
    return signature->call != NULL;
}

/* ---- Calls ---- */

ffi_status FFI_HIDDEN ffi_prep_cif_machdep(ffi_cif *cif) {
    cif->nfixedargs = cif->nargs;
    cif->bytes = 0;
    cif->flags = (unsigned)(uintptr_t)signature_of(cif);
    return FFI_OK;
}

ffi_status FFI_HIDDEN ffi_prep_cif_machdep_var(ffi_cif *cif, unsigned fixed, unsigned all) {
    (void)all;
    cif->nfixedargs = fixed;
    cif->bytes = 1;
    cif->flags = (unsigned)(uintptr_t)signature_of(cif);
    return FFI_OK;
}

static uint64_t argument(const ffi_type *type, const void *value) {
    union {
        uint64_t bits;
        uint32_t word;
        int32_t number;
    } slot = {0};

    switch (type->type) {
    case FFI_TYPE_UINT8:
        slot.word = *(const uint8_t *)value;
        break;
    case FFI_TYPE_SINT8:
        slot.number = *(const int8_t *)value;
        break;
    case FFI_TYPE_UINT16:
        slot.word = *(const uint16_t *)value;
        break;
    case FFI_TYPE_SINT16:
        slot.number = *(const int16_t *)value;
        break;
    default:
        memcpy(&slot, value, type->size < sizeof slot ? type->size : sizeof slot);
    }
    return slot.bits;
}

static size_t aligned(size_t offset, size_t to) {
    return (offset + to - 1) & ~(to - 1);
}

/* Where the next variable argument lies: at multiples of 4, or of what its type wants. */
static size_t placed(size_t offset, const ffi_type *type) {
    return aligned(offset, type->alignment > 4 ? type->alignment : 4);
}

void ffi_call(ffi_cif *cif, void (*function)(void), void *rvalue, void **avalue) {
    struct signature *signature = (struct signature *)(uintptr_t)cif->flags;
    const ffi_type *result = unwrapped(cif->rtype);
    uint64_t slots[signature->count + 1];
    unsigned slot = 1;
    size_t copies_size = 16, offset = 0;

    if (signature->call == NULL && !make_call(signature))
        abort();
    for (unsigned i = 0; i < cif->nargs; i++)
        copies_size += aligned(cif->arg_types[i]->size, 16) + 32;
    char copies[copies_size] __attribute__((aligned(16))); /* what is called may write to its arguments */
    char nowhere[by_address(cif->rtype) && rvalue == NULL ? aligned(cif->rtype->size, 16) + 16 : 1] __attribute__((aligned(16)));
    char *copy = copies;

    if (by_address(cif->rtype))
        slots[slot++] = (uintptr_t)(rvalue ? rvalue : nowhere);
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        const ffi_type *type = unwrapped(cif->arg_types[i]);
        if (is_empty(type))
            continue;
        if (is_wide(type)) {
            memcpy(&slots[slot], avalue[i], 16);
            slot += 2;
        } else if (type->type == FFI_TYPE_STRUCT) {
            memcpy(copy, avalue[i], type->size);
            slots[slot++] = (uintptr_t)copy;
            copy += aligned(type->size, 16);
        } else {
            slots[slot++] = argument(type, avalue[i]);
        }
    }
    if (cif->bytes) {
        char *structures = copy;
        for (unsigned i = cif->nfixedargs; i < cif->nargs; i++)
            if (unwrapped(cif->arg_types[i])->type == FFI_TYPE_STRUCT) {
                memcpy(copy, avalue[i], cif->arg_types[i]->size);
                copy += aligned(cif->arg_types[i]->size, 16);
            }
        slots[slot++] = (uintptr_t)copy;
        for (unsigned i = cif->nfixedargs; i < cif->nargs; i++) {
            const ffi_type *type = unwrapped(cif->arg_types[i]);
            if (is_empty(type))
                continue;
            if (type->type == FFI_TYPE_STRUCT) {
                offset = aligned(offset, 4);
                memcpy(copy + offset, &structures, 4);
                structures += aligned(type->size, 16);
                offset += 4;
            } else if (is_wide(type)) {
                offset = placed(offset, type);
                memcpy(copy + offset, avalue[i], 16);
                offset += 16;
            } else {
                uint64_t value = argument(type, avalue[i]);
                size_t size = value_type(type) == I64 || value_type(type) == F64 ? 8 : 4;
                offset = placed(offset, type);
                memcpy(copy + offset, &value, size);
                offset += size;
            }
        }
    }
    signature->call(function, slots);
    if (rvalue == NULL || !signature->result)
        return;
    if (cif->rtype->type == FFI_TYPE_STRUCT)
        memcpy(rvalue, slots, cif->rtype->size);
    else if (signature->result == I32) /* what is smaller is widened */
        *(uint64_t *)slots = argument(result, slots), memcpy(rvalue, slots, sizeof(ffi_arg));
    else
        memcpy(rvalue, slots, result->size);
}

/* ---- Closures ---- */

struct allocated {
    ffi_closure closure;
    void *module;
    uint32_t entry;
    struct allocated *next;
};

static struct allocated *unused;

/* An entry of the table more. There is no C for that. */
static uint32_t new_entry(void) {
    static uint32_t (*grow)(uint32_t);

    if (grow == NULL) {
        struct bytes body = {0};
        static const unsigned char code[] = {0, 0xd0, 0x70, LOCAL_GET, 0, 0xfc, 0x0f, 0, END};
        put_all(&body, code, sizeof code);
        void *module = open_module(NULL, "__ffi_grow", (unsigned char[]){2}, 1, &body);
        free(body.data);
        if (module == NULL || (grow = (uint32_t (*)(uint32_t))dlsym(module, "__ffi_grow")) == NULL)
            return UINT32_MAX;
    }
    return grow(1);
}

void *ffi_closure_alloc(size_t size, void **code) {
    struct allocated *made = unused;

    if (made != NULL) {
        unused = made->next;
    } else {
        size_t room = size > sizeof(ffi_closure) ? size - sizeof(ffi_closure) : 0;
        made = calloc(1, sizeof *made + room);
        if (made == NULL)
            return NULL;
        made->entry = new_entry();
        if (made->entry == UINT32_MAX) {
            free(made);
            return NULL;
        }
    }
    *code = (void *)(uintptr_t)made->entry;
    return &made->closure;
}

void ffi_closure_free(void *closure) {
    struct allocated *freed = closure;

    if (freed->module != NULL)
        dlclose(freed->module);
    freed->module = NULL;
    freed->next = unused;
    unused = freed;
}

/* What a closure's module calls, with the arguments in the slots from the second one. */
static void enter(ffi_closure *closure, uint64_t *slots) {
    ffi_cif *cif = closure->cif;
    uint64_t result[2] = {0};
    void *rvalue = result, *avalue[cif->nargs + 1];
    char *variable = NULL;
    size_t offset = 0;
    unsigned slot = 1;

    if (by_address(cif->rtype))
        rvalue = (void *)(uintptr_t)slots[slot++];
    for (unsigned i = 0; i < cif->nargs; i++) {
        const ffi_type *type = unwrapped(cif->arg_types[i]);
        if (is_empty(type)) {
            avalue[i] = slots;
        } else if (i >= cif->nfixedargs) {
            if (variable == NULL)
                memcpy(&variable, &slots[slot], sizeof variable);
            if (type->type == FFI_TYPE_STRUCT) {
                offset = aligned(offset, 4);
                memcpy(&avalue[i], variable + offset, 4);
                offset += 4;
            } else {
                offset = placed(offset, type);
                avalue[i] = variable + offset;
                offset += is_wide(type) ? 16 : value_type(type) == I64 || value_type(type) == F64 ? 8 : 4;
            }
        } else if (is_wide(type)) {
            avalue[i] = &slots[slot];
            slot += 2;
        } else if (type->type == FFI_TYPE_STRUCT) {
            memcpy(&avalue[i], &slots[slot++], sizeof(void *));
        } else {
            avalue[i] = &slots[slot++];
        }
    }
    closure->fun(cif, rvalue, avalue, closure->user_data);
    slots[0] = result[0];
}

/* install(entry) puts a function of the type into the table: it stores its arguments on the stack, and enters. */
ffi_status ffi_prep_closure_loc(ffi_closure *closure, ffi_cif *cif, void (*fun)(ffi_cif *, void *, void **, void *),
                                void *user_data, void *code) {
    struct allocated *made = (struct allocated *)closure;
    const struct signature *signature = (struct signature *)(uintptr_t)cif->flags;
    struct bytes bodies[2] = {{0}, {0}}, *body = &bodies[0];
    uint32_t frame = aligned(SLOT * (signature->count + 1), 16), local = signature->count;
    static const unsigned char install[] = {0, LOCAL_GET, 0, 0xd2, 0, 0x26, 0, LOCAL_GET, 0, END};

    if (cif->abi != FFI_WASM32)
        return FFI_BAD_ABI;
    if (code != (void *)(uintptr_t)made->entry) /* only what ffi_closure_alloc gave can be called */
        return FFI_BAD_TYPEDEF;
    closure->cif = cif;
    closure->fun = fun;
    closure->user_data = user_data;
    if (made->module != NULL)
        dlclose(made->module);
    put_all(body, (unsigned char[]){1, 1, I32}, 3);
    put_indexed(body, GLOBAL_GET, 0);
    put_const(body, -(int32_t)frame);
    put(body, ADD);
    put_indexed(body, LOCAL_TEE, local);
    put_indexed(body, GLOBAL_SET, 0);
    for (unsigned i = 0; i < signature->count; i++) {
        put_indexed(body, LOCAL_GET, local);
        put_indexed(body, LOCAL_GET, i);
        put_access(body, true, signature->params[i], SLOT * (i + 1));
    }
    put_const(body, (int32_t)(uintptr_t)closure);
    put_indexed(body, LOCAL_GET, local);
    put_const(body, (int32_t)(uintptr_t)&enter);
    put_indexed(body, CALL_INDIRECT, 1);
    put(body, 0);
    put_indexed(body, LOCAL_GET, local);
    put_const(body, (int32_t)frame);
    put(body, ADD);
    put_indexed(body, GLOBAL_SET, 0);
    if (signature->result) {
        put_indexed(body, LOCAL_GET, local);
        put_access(body, false, signature->result, 0);
    }
    put(body, END);
    put_all(&bodies[1], install, sizeof install);
    made->module = open_module(signature, "__ffi_install", (unsigned char[]){0, 2}, 2, bodies);
    free(bodies[0].data);
    free(bodies[1].data);
    if (made->module == NULL)
        return FFI_BAD_ABI;
    uint32_t (*put_in)(uint32_t) = (uint32_t (*)(uint32_t))dlsym(made->module, "__ffi_install");
    put_in(made->entry);
    return FFI_OK;
}
