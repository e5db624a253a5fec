int next(void);
extern int count;
int name(void) { return 'L'; }
int own(void) { return name(); }
int step(void) { return next(); }
int *place(void) { return &count; }
