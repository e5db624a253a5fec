// What a script engine must be able to do; the numbers are exact.
var checks = 0;

function check(what, actual, expected) {
    if (actual !== expected) {
        throw new Error(what + ': ' + actual + ', not ' + expected);
    }
    checks++;
}

check('arithmetic', 0.1 + 0.2, 0.30000000000000004);
check('shift', 1 << 31, -2147483648);
check('numbers as text', (1e21 + 1).toString(), '1e+21');
check('text as numbers', parseFloat('-1.5e-3'), -0.0015);
check('closures', [1, 2, 3].map(function (x) { return x * x; }).join(), '1,4,9');
check('sorting', [5, 1, 10].sort(function (a, b) { return a - b; }).join(), '1,5,10');
check('json', JSON.stringify(JSON.parse('{"a":[1,{"b":null}],"c":"\\u00e9"}')), '{"a":[1,{"b":null}],"c":"é"}');
check('regular expressions', 'John Smith'.replace(/(\w+)\s(\w+)/, '$2, $1'), 'Smith, John');
check('unicode', 'straße'.toUpperCase(), 'STRASSE');
check('dates', new Date(Date.UTC(2024, 1, 29)).toISOString(), '2024-02-29T00:00:00.000Z');

var caught = '';
try { null.x; } catch (error) { caught = error.name; } finally { caught += '!'; }
check('exceptions', caught, 'TypeError!');

function Animal(name) { this.name = name; }
Animal.prototype.speak = function () { return this.name + ' speaks'; };
check('prototypes', new Animal('Rex').speak(), 'Rex speaks');

var bytes = new Uint8Array([1, 2, 255, 256]);
check('typed arrays', bytes[3] + bytes[2], 255);

function deep(n) { return n === 0 ? 0 : 1 + deep(n - 1); }
check('recursion', deep(1000), 1000);

print('all ' + checks + ' checks hold');
