/* What upstream's configure would find out, for its programs. */
#define HAVE_GETOPT 1
#define HAVE_UNISTD_H 1
