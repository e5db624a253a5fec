/* Upstream's tests/hook.c compares each plan with others through what is internal in the library. */
void install_hook(void) {
}

void uninstall_hook(void) {
}
