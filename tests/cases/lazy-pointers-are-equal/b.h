typedef int (*fn)(int);
int taken(int), untaken(int);
fn own_taken(void), own_untaken(void);
fn other_taken(void), other_untaken(void);
