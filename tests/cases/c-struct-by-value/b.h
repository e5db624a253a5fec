struct small { int x; };
struct large { int numbers[5]; double weight; };
struct small grow(struct small, int by);
struct large turn(struct large, struct small);
