.bail on
.mode box
CREATE TABLE author(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE book(id INTEGER PRIMARY KEY, author REFERENCES author(id), title TEXT, year INTEGER);
INSERT INTO author(name) VALUES ('Stevenson'), ('Verne');
INSERT INTO book(author, title, year) VALUES
  (1, 'Treasure Island', 1883), (2, 'Vingt mille lieues sous les mers', 1870), (2, 'Le Tour du monde', 1872);
SELECT name, title, year FROM book JOIN author ON author.id = book.author ORDER BY year;
.mode list
SELECT name, row_number() OVER (PARTITION BY name ORDER BY year), sum(year) OVER (ORDER BY year) FROM book
  JOIN author ON author.id = book.author ORDER BY year;
WITH RECURSIVE fib(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM fib WHERE b < 100) SELECT group_concat(a) FROM fib;
SELECT json_extract('{"a": [1, {"b": "deep"}]}', '$.a[1].b'), printf('%.3f', sqrt(2)), hex(zeroblob(3)), upper('straße');
BEGIN;
DELETE FROM book;
ROLLBACK;
SELECT count(*), hex(sha3(title, 256)) FROM book WHERE id = 1;
EXPLAIN QUERY PLAN SELECT * FROM book WHERE id = 2;
