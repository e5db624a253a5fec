-- What a port of Lua to shared libraries can get wrong: errors (setjmp in liblua.so, longjmp through libc.so),
-- number formatting, files, time, and modules from the private directory. Every `check` counts.

local checks = 0
local function check(condition, what)
  checks = checks + 1
  if not condition then error("does not hold: " .. what, 2) end
end

-- arguments
check(arg[1] == "one" and arg[2] == "two" and #arg == 2, "the arguments arrive")

-- pcall and error
local ok, message = pcall(error, "plain")
check(not ok and message == "plain", "pcall returns the message")
local ok, value = pcall(error, { code = 7 })
check(not ok and value.code == 7, "any value can be thrown")
local ok, message = pcall(function() local nothing; return nothing.field end)
check(not ok and message:find("attempt to index a nil value %(local 'nothing'%)"), "run-time errors are explained")
local function deep(n) if n == 0 then error("bottom", 0) end return 1 + deep(n - 1) end
local ok, message = pcall(deep, 100)
check(not ok and message == "bottom", "an error crosses a hundred frames")
local depth = 0
local function overflow() depth = depth + 1; return 1 + overflow() end
local ok, message = pcall(overflow)
check(not ok and message:find("stack overflow") and depth > 1000, "a stack overflow is an error like others")
for i = 1, 1000 do
  local ok, message = pcall(error, i)
  check(not ok and message == i, "a thousand errors")
end
local ok, trace = xpcall(function() error("traced") end, debug.traceback)
check(not ok and trace:find("traced") and trace:find("stack traceback"), "xpcall calls its handler")
if _VERSION ~= "Lua 5.3" then
  local closed = {}
  local fails = load([[
    local closed = ...
    local a <close> = setmetatable({}, { __close = function(_, e) closed[#closed + 1] = e end })
    error("while open", 0)
  ]])
  local ok = pcall(fails, closed)
  check(not ok and closed[1] == "while open", "an error closes variables")
end

-- coroutines, which jump too
local generate = coroutine.wrap(function()
  for i = 1, 3 do coroutine.yield(i) end
  error("spent", 0)
end)
check(generate() == 1 and generate() == 2 and generate() == 3, "coroutines yield")
local ok, message = pcall(generate)
check(not ok and message == "spent", "an error leaves a coroutine")

-- string formatting: integers, floats, both through libc's printf
check(string.format("%d|%5d|%-5d|%05d|%x|%X|%o", 42, 42, 42, 42, 255, 255, 8) == "42|   42|42   |00042|ff|FF|10", "integers")
check(string.format("%.3f|%e|%g|%g", 3.14159, 12345.678, 1e20, 0.1) == "3.142|1.234568e+04|1e+20|0.1", "floats")
check(string.format("%a", 1.0) == "0x1p+0", "hexadecimal floats")
check(string.format("%q", 'a "quoted"\n') == '"a \\"quoted\\"\\\n"', "quoted strings")
check(string.format("%s %10.3s|", "text", "cut off") == "text        cut|", "strings")
check(tostring(math.maxinteger) == "9223372036854775807", "64-bit integers")
check(tostring(2^53) == "9.007199254741e+15" and 7 // 2 == 3 and 7.0 / 2 == 3.5, "arithmetic")
check(tonumber("0x1p4") == 16.0 and tonumber("1e2") == 100.0 and tonumber("bad") == nil, "numbers are read")
check(math.abs(math.sin(math.pi / 6) - 0.5) < 1e-15 and math.floor(-0.5) == -1, "libm")
check(("x"):rep(3, ",") == "x,x,x" and ("%d+"):len() == 3, "string functions")
check(("key=value"):match("(%w+)=(%w+)") == "key", "patterns")
check(string.pack("<i4", 258) == "\2\1\0\0" and utf8.char(228, 8364) == "ä€", "pack and utf8")
local words = { "pear", "apple", "fig" }
table.sort(words)
check(table.concat(words, " ") == "apple fig pear", "sort, with a comparison that is called back")

-- io
local file = assert(io.open("written.txt", "w"))
check(file:write("line 1\n", 2, "\n", 3.5, "\n"), "write")
check(file:seek("cur") == 13 and file:close(), "seek and close")
local lines = {}
for line in io.lines("written.txt") do lines[#lines + 1] = line end
check(#lines == 3 and lines[3] == "3.5", "lines are read back")
local file = assert(io.open("written.txt"))
check(file:read("l") == "line 1" and file:read("n") == 2 and file:read("n") == 3.5 and file:read("a") == "\n", "formats of read")
file:close()
local file, message, code = io.open("missing.txt")
check(file == nil and message == "missing.txt: No such file or directory" and code ~= 0, "a missing file is explained")
local file, message = io.open("../outside.txt", "w")
check(file == nil and type(message) == "string", "nothing outside of the private directory can be written")
check(os.rename("written.txt", "moved.txt") and io.open("written.txt") == nil, "rename")
check(os.rename("moved.txt", "written.txt"), "and back")

-- os
local now = os.time()
check(math.type(now) == "integer" and now > 1700000000, "os.time is a time of these years")
check(os.time({ year = 2001, month = 9, day = 9, hour = 1, min = 46, sec = 40 }) == 1000000000, "mktime")
check(os.date("!%Y-%m-%d %H:%M:%S", 1000000000) == "2001-09-09 01:46:40", "strftime")
check(os.clock() >= 0 and os.difftime(5, 3) == 2, "clock and difftime")
check(os.getenv("HOME") == nil, "nothing of the machine's environment is seen")
check(os.execute() == false, "there is no shell, and os.execute says so")
check(not pcall(os.tmpname), "there is no directory for temporary files")

-- files from the private directory
local greeting = require("greeting")
check(greeting.hello("module") == "hello, module", "require finds a file of the private directory")
local chunk = assert(load("local a, b = ... return a * b"))
check(chunk(6, 7) == 42, "load compiles")
local chunk, message = load("syntax error here")
check(chunk == nil and message:find("syntax error near"), "a syntax error is explained")
local ok, message = pcall(require, "no.such.module")
check(not ok and message:find("module 'no.such.module' not found"), "a missing module is explained")

-- memory
local before = collectgarbage("count")
local rubbish = {}
for i = 1, 100000 do rubbish[i] = { i } end
rubbish = nil
collectgarbage()
check(collectgarbage("count") < before + 512, "the garbage is collected")

print(("all %d checks hold"):format(checks))
