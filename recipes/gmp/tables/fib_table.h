/* Numbers, as upstream's gen-fib prints them for limbs of 32 bits without nails.  */
#define FIB_TABLE_LIMIT 47
#define FIB_TABLE_LUCNUM_LIMIT 46
