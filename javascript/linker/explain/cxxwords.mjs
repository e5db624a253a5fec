/** What stands for what in mangled names of C++. */

/** @type {Record<string, string>} */
export const BUILTIN = {
  v: "void",
  w: "wchar_t",
  b: "bool",
  c: "char",
  a: "signed char",
  h: "unsigned char",
  s: "short",
  t: "unsigned short",
  i: "int",
  j: "unsigned int",
  l: "long",
  m: "unsigned long",
  x: "long long",
  y: "unsigned long long",
  n: "__int128",
  o: "unsigned __int128",
  f: "float",
  d: "double",
  e: "long double",
  g: "__float128",
  z: "...",
  Dn: "std::nullptr_t",
  Di: "char32_t",
  Ds: "char16_t",
  Du: "char8_t",
  Da: "auto",
  Dc: "decltype(auto)",
};

/** @type {Record<string, string>} */
export const SUFFIX = { i: "", j: "u", l: "l", m: "ul", x: "ll", y: "ull" };

/** @type {Record<string, string>} */
export const STANDARD = { a: "allocator", b: "basic_string", s: "string", i: "istream", o: "ostream", d: "iostream" };

/** @type {Map<string, string>} */
export const OPERATORS = new Map(
  (
    "aN&= aS= aa&& ad& an& cl() cm, co~ dV/= da,delete[] de* dl,delete dv/ eO^= eo^ eq== ge>= gt> ix[] lS<<= le<= " +
    "ls<< lt< mI-= mL*= mi- ml* mm-- na,new[] ne!= ng- nt! nw,new oR|= oo|| or| pL+= pl+ pm->* pp++ ps+ pt-> rM%= " +
    "rS>>= rm% rs>> ss<=>"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), entry.slice(2).replace(/^,(?=.)/, " ")]),
);

/** @type {Record<string, string>} */
export const OF_TYPES = { TV: "vtable", TT: "VTT", TI: "typeinfo", TS: "typeinfo name" };

/** @type {Record<string, string>} */
export const OF_NAMES = {
  GV: "guard variable",
  TW: "thread-local wrapper routine",
  TH: "thread-local initialization routine",
};
