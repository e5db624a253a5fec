int own(void); int b(void) { return own(); }
