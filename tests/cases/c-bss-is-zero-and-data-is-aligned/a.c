char odd = 1;
char many[70001];
_Alignas(4096) char page[4096] = {1};
