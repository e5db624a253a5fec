function f(n) { return n < 2 ? 1 : n * f(n - 1); }
print(f(10));
print("xyz".split("").reverse().join(""));
print(JSON.stringify({ a: [1, 2] }));
