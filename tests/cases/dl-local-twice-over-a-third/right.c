int next(void);
extern int count;
int name(void) { return 'R'; }
int own(void) { return name(); }
int step(void) { return next(); }
int *place(void) { return &count; }
