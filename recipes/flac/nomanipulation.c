/* What upstream tests there wants files that cannot be written to, and WASI has no permissions. */
int test_metadata_file_manipulation(void) {
    return 1;
}
