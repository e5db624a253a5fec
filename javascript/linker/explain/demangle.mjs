/** C++ names as people write them (Itanium C++ ABI), spelled as LLVM's tools spell them.
 *
 * What occurs in the names of libraries is read: not expressions of templates, nor what vendors added. */

import { Letters } from "./cxxletters.mjs";
import { LONGEST, Unreadable, around, arrayOf, expansion, functionNode } from "./cxxnodes.mjs";
import { functionType, list, made, plain, pointing, qualified, referring, shown, startAnew, unreadable } from "./cxxnodes.mjs";
import { BUILTIN, OF_NAMES, OF_TYPES, OPERATORS, STANDARD, SUFFIX } from "./cxxwords.mjs";

/** @import { Node } from "./cxxnodes.mjs" */

/**
 * `_ZN3foo3barEi` → `foo::bar(int)`. A name that is not mangled, or cannot be read, comes back unchanged; hostile
 * names too: nesting and length are bounded.
 * @param {string} name
 * @returns {string}
 */
export function demangle(name) {
  if (!name.startsWith("_Z") || name.length > LONGEST) return name;
  startAnew();
  try {
    const reader = new Reader(name, 2);
    const encoding = reader.encoding();
    return reader.done ? shown(encoding) : name;
  } catch (error) {
    if (error instanceof Unreadable) return name;
    throw error;
  }
}

/** Reads one name, forward; every method throws Unreadable. */
class Reader extends Letters {
  /** @type {Node[]} */
  #substitutions = [];
  /** Of the name that is read: what `T_` is. @type {Node[]} */
  #arguments = [];

  /**
   * @param {Node} node
   * @returns {Node}
   */
  #remembered(node) {
    this.#substitutions.push(node);
    return node;
  }

  /**
   * A function with its type, or data, or what the compiler made.
   * @returns {Node}
   */
  encoding() {
    return this.deeper(() => {
      const before = this.#arguments;
      const node = this.#special() ?? this.#function();
      this.#arguments = before;
      return node;
    });
  }

  /** @returns {Node | undefined} */
  #special() {
    const kind = this.text.slice(this.pos, this.pos + 2);
    const described = (/** @type {string} */ what, /** @type {Node} */ node) => plain(`${what} ${shown(node)}`);
    if (kind in OF_TYPES || kind in OF_NAMES) {
      this.pos += 2;
      return kind in OF_TYPES
        ? described(`${OF_TYPES[kind]} for`, this.#type())
        : described(`${OF_NAMES[kind]} for`, this.#name());
    }
    if (this.takes("TC")) {
      const derived = this.#type();
      this.match(/\d+_/y);
      return described("construction vtable for", plain(`${shown(this.#type())}-in-${shown(derived)}`));
    }
    if (this.takes("Th")) {
      this.match(/n?\d+_/y);
      return described("non-virtual thunk to", this.encoding());
    }
    if (this.takes("Tv")) {
      this.match(/n?\d+_n?\d+_/y);
      return described("virtual thunk to", this.encoding());
    }
    if (this.takes("GR")) {
      const name = this.#name();
      this.match(/[0-9A-Z]*_/y);
      return described("reference temporary for", name);
    }
    return undefined;
  }

  /** @returns {Node} */
  #function() {
    const name = this.#name(true);
    if (this.done || this.comesTo("E")) return name;
    const result = name.hasArguments && !name.withoutResult ? this.#type() : undefined;
    const parameters = this.#parameters();
    return functionNode(name, parameters, result);
  }

  /** Types up to the end of what they belong to. */
  #parameters() {
    const types = [];
    do types.push(this.#type());
    while (!this.done && !/[EQ.]/.test(this.text[this.pos]) && !/^[RO]E/.test(this.text.slice(this.pos, this.pos + 2)));
    return types.length === 1 && shown(types[0], 0) === "void" ? [] : types;
  }

  /**
   * `ofEncoding`: its template arguments are what `T_` means from then on.
   * @param {boolean} [ofEncoding]
   * @returns {Node}
   */
  #name(ofEncoding = false) {
    return this.deeper(() => {
      if (this.takes("N")) return this.#nested(ofEncoding);
      if (this.takes("Z")) return this.#local();
      if (this.comesTo("S") && !this.comesTo("St")) {
        const template = this.#substitution();
        return this.comesTo("I") ? this.#withArguments(template, ofEncoding) : unreadable();
      }
      const inStd = this.takes("St");
      const part = this.#unqualified();
      const name = inStd ? this.#inside(plain("std"), part) : part;
      return this.comesTo("I") ? this.#withArguments(this.#remembered(name), ofEncoding) : name;
    });
  }

  /**
   * @param {boolean} ofEncoding
   * @returns {Node}
   */
  #nested(ofEncoding) {
    const cv = this.qualifiers();
    const reference = this.takes("R") ? " &" : this.takes("O") ? " &&" : "";
    /** @type {Node | undefined} */
    let scope;
    let isSubstituted = false;
    while (!this.takes("E")) {
      isSubstituted = false;
      if (this.comesTo("I")) {
        scope = this.#remembered(this.#withArguments(scope ?? unreadable(), ofEncoding));
      } else if (!scope && this.takes("St")) {
        scope = plain("std");
        isSubstituted = true;
      } else if (!scope && this.comesTo("S")) {
        scope = this.#substitution();
        isSubstituted = true;
      } else if (!scope && this.comesTo("T")) {
        scope = this.#remembered(this.#parameter());
      } else {
        const part = this.#unqualified(scope);
        scope = this.#remembered(scope ? this.#inside(scope, part) : part);
      }
    }
    if (!scope || isSubstituted) return unreadable();
    this.#substitutions.pop(); // of the whole name, there is a substitution only where it is a type
    return { ...scope, qualifiers: cv + reference };
  }

  /**
   * @param {Node} scope
   * @param {Node} part
   * @returns {Node}
   */
  #inside(scope, part) {
    const { base, withoutResult, hasArguments, qualifiers } = part;
    const rest = { base, withoutResult, hasArguments, qualifiers };
    return made([scope, part], (element) => `${shown(scope, element)}::${shown(part, element)}`, rest);
  }

  /**
   * @param {Node} name
   * @param {boolean} ofEncoding
   * @returns {Node}
   */
  #withArguments(name, ofEncoding) {
    const found = this.#templateArguments();
    if (ofEncoding) this.#arguments = found;
    const { base, withoutResult } = name;
    const rest = { base, withoutResult, hasArguments: true };
    return made([name, ...found], (element) => `${shown(name, element)}<${list(found, element)}>`, rest);
  }

  /** @returns {Node} */
  #local() {
    const encoding = this.encoding();
    this.expect("E");
    if (this.takes("s")) {
      this.discriminator();
      return plain(`${shown(encoding)}::string literal`);
    }
    if (this.takes("d")) this.match(/\d*_/y);
    const entity = this.#name();
    this.discriminator();
    return this.#inside(encoding, entity);
  }

  /**
   * @param {Node} [scope]
   * @returns {Node}
   */
  #unqualified(scope) {
    this.takes("L");
    let name = this.#component(scope);
    while (this.takes("B")) {
      const tagged = name;
      const tag = this.source();
      name = { ...tagged, sides: (element) => [`${shown(tagged, element)}[abi:${tag}]`, ""] };
    }
    return name;
  }

  /**
   * @param {Node} [scope]
   * @returns {Node}
   */
  #component(scope) {
    if (this.takes("Ut")) return plain(`'unnamed${this.match(/\d*_/y).slice(0, -1)}'`);
    if (this.takes("Ul")) {
      const parameters = this.#parameters();
      this.expect("E");
      const number = this.match(/\d*_/y).slice(0, -1);
      return made(parameters, (element) => `'lambda${number}'(${list(parameters, element)})`);
    }
    const next = this.text[this.pos];
    if (/\d/.test(next)) {
      const source = this.source();
      const base = source.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : source;
      return plain(base, { base });
    }
    if (next === "C" || next === "D") {
      const kind = this.match(/C[1-5]|D[0-5]/y)[0];
      const base = scope?.base ?? unreadable();
      return plain(kind === "D" ? `~${base}` : base, { base, withoutResult: true });
    }
    return this.#operator();
  }

  /** @returns {Node} */
  #operator() {
    if (this.takes("cv")) {
      const type = this.#type();
      return made([type], (element) => `operator ${shown(type, element)}`, { withoutResult: true });
    }
    if (this.takes("li")) return plain(`operator"" ${this.source()}`);
    const sign = OPERATORS.get(this.match(/[a-z][a-zA-Z]/y));
    return plain(`operator${sign ?? unreadable()}`);
  }

  /** @returns {Node} */
  #substitution() {
    this.expect("S");
    const standard = STANDARD[this.text[this.pos]];
    if (standard) {
      this.pos++;
      // A constructor of one of the others is called as what it stands for.
      return plain(`std::${standard}`, /^[ab]/.test(standard) ? { base: standard } : {});
    }
    const digits = this.match(/[0-9A-Z]*_/y).slice(0, -1);
    return this.#substitutions[digits ? parseInt(digits, 36) + 1 : 0] ?? unreadable();
  }

  /** @returns {Node} */
  #parameter() {
    this.expect("T");
    const digits = this.match(/\d*_/y).slice(0, -1);
    const argument = this.#arguments[digits ? Number(digits) + 1 : 0] ?? unreadable();
    const { elements } = argument;
    if (!elements) return argument;
    const at = (/** @type {number} */ element) => elements[element] ?? unreadable();
    return { size: elements.length, at, sides: (element) => around(element === undefined ? argument : at(element)) };
  }

  #templateArguments() {
    this.expect("I");
    return this.deeper(() => this.untilEnd(() => this.#argument()));
  }

  /** @returns {Node} */
  #argument() {
    if (this.comesTo("L")) return this.#literal();
    if (!this.takes("J")) return this.#type();
    const elements = this.deeper(() => this.untilEnd(() => this.#argument()));
    const items = (/** @type {number | undefined} */ element) => elements.map((each) => shown(each, element));
    return { elements, items, sides: () => [list(elements), ""] };
  }

  /** @returns {Node} */
  #literal() {
    this.expect("L");
    if (this.takes("_Z")) {
      const encoding = this.encoding();
      this.expect("E");
      return encoding;
    }
    const letter = this.text[this.pos];
    const type = this.#type();
    if (this.takes("E")) return shown(type) === BUILTIN.Dn ? plain("nullptr") : unreadable();
    if (letter === "f" || letter === "d" || letter === "e") return unreadable();
    const value = this.match(/n?\d+(?=E)/y).replace("n", "-");
    this.expect("E");
    if (letter === "b") return plain(value === "0" ? "false" : "true");
    return plain(letter in SUFFIX ? value + SUFFIX[letter] : `(${shown(type)})${value}`);
  }

  /** @returns {Node} */
  #type() {
    return this.deeper(() => {
      const two = this.text.slice(this.pos, this.pos + 2);
      const builtin = BUILTIN[two[0]] ?? BUILTIN[two];
      if (builtin) {
        this.pos += BUILTIN[two[0]] ? 1 : 2;
        return plain(builtin);
      }
      if (two[0] === "S" && two !== "St") {
        const found = this.#substitution();
        return this.comesTo("I") ? this.#remembered(this.#withArguments(found, false)) : found;
      }
      return this.#remembered(this.#compound());
    });
  }

  /** @returns {Node} */
  #compound() {
    switch (this.text[this.pos]) {
      case "r":
      case "V":
      case "K": {
        const qualifiers = this.qualifiers();
        return this.comesTo("F") ? this.#functionType(qualifiers) : qualified(this.#type(), qualifiers);
      }
      case "P":
        this.pos++;
        return pointing(this.#type(), () => "*");
      case "R":
        this.pos++;
        return referring(this.#type(), "&");
      case "O":
        this.pos++;
        return referring(this.#type(), "&&");
      case "F":
        return this.#functionType("");
      case "A":
        return this.#array();
      case "M": {
        this.pos++;
        const owner = this.#type();
        const member = this.#type();
        return pointing(member, (element) => `${member.form ? "" : " "}${shown(owner, element)}::*`);
      }
      case "T": {
        const parameter = this.#parameter();
        return this.comesTo("I") ? this.#withArguments(this.#remembered(parameter), false) : parameter;
      }
      case "D":
        this.expect("Dp");
        return expansion(this.#type());
      case "u":
      case "U":
      case "C":
      case "G":
        return unreadable();
    }
    return this.#name();
  }

  /** @returns {Node} */
  #array() {
    this.expect("A");
    const length = this.comesTo("T") ? shown(this.#parameter()) : this.match(/\d*/y);
    this.expect("_");
    const type = this.#type();
    return arrayOf(type, length);
  }

  /**
   * @param {string} qualifiers
   * @returns {Node}
   */
  #functionType(qualifiers) {
    this.expect("F");
    this.takes("Y");
    const result = this.#type();
    const parameters = this.#parameters();
    const reference = this.takes("R") ? " &" : this.takes("O") ? " &&" : "";
    this.expect("E");
    return functionType(result, parameters, qualifiers + reference);
  }
}
