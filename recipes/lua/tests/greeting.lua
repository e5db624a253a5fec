-- loaded by check.lua with require
return { hello = function(name) return ("hello, %s"):format(name) end }
