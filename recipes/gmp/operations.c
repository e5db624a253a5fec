/* The functions that upstream's makefiles compile from one file, each with a macro of its own. */
#include "gmp-impl.h"
#include "longlong.h"

#define OPERATION_and_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_and_n
#undef func
#undef call

#define OPERATION_andn_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_andn_n
#undef func
#undef call

#define OPERATION_nand_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_nand_n
#undef func
#undef call

#define OPERATION_ior_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_ior_n
#undef func
#undef call

#define OPERATION_iorn_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_iorn_n
#undef func
#undef call

#define OPERATION_nior_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_nior_n
#undef func
#undef call

#define OPERATION_xor_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_xor_n
#undef func
#undef call

#define OPERATION_xnor_n 1
#include "mpn/generic/logops_n.c"
#undef OPERATION_xnor_n
#undef func
#undef call

#define OPERATION_popcount 1
#include "mpn/generic/popham.c"
#undef OPERATION_popcount
#undef FNAME
#undef POPHAM

#define OPERATION_hamdist 1
#include "mpn/generic/popham.c"
#undef OPERATION_hamdist
#undef FNAME
#undef POPHAM

#define OPERATION_sec_add_1 1
#include "mpn/generic/sec_aors_1.c"
#undef OPERATION_sec_add_1
#undef FNAME
#undef FNAME_itch
#undef OP_N

#define OPERATION_sec_sub_1 1
#include "mpn/generic/sec_aors_1.c"
#undef OPERATION_sec_sub_1
#undef FNAME
#undef FNAME_itch
#undef OP_N

#define OPERATION_sec_div_qr 1
#include "mpn/generic/sec_div.c"
#undef OPERATION_sec_div_qr
#undef FNAME
#undef FNAME_itch
#undef Q
#undef RETTYPE

#define OPERATION_sec_div_r 1
#include "mpn/generic/sec_div.c"
#undef OPERATION_sec_div_r
#undef FNAME
#undef FNAME_itch
#undef Q
#undef RETTYPE

#define OPERATION_sec_pi1_div_qr 1
#include "mpn/generic/sec_pi1_div.c"
#undef OPERATION_sec_pi1_div_qr
#undef FNAME
#undef Q
#undef RETTYPE

#define OPERATION_sec_pi1_div_r 1
#include "mpn/generic/sec_pi1_div.c"
#undef OPERATION_sec_pi1_div_r
#undef FNAME
#undef Q
#undef RETTYPE
