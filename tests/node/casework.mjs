// What comes out of a case with the loader of this package, as `Expected`; in Node and in browsers.

import { load, ProcessExited, Trap } from "../../javascript/loader.mjs";

const encoder = new TextEncoder();
const text = (data) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

export async function carryOut({ case: given, plan, root, libraries, host, calls }) {
  const out = [];
  const say = (line) => out.push(encoder.encode(`${line}\n`));
  const result = {};
  const functions = Object.fromEntries(
    Object.entries(host).map(([name, { type, returns }]) => [
      name,
      { type, function: (...numbers) => (say(`${name}(${numbers.map(String).join(", ")})`), valued(returns, type.results[0])) },
    ]),
  );
  try {
    const loaded = await load(root, {
      plan,
      libraries,
      host: functions,
      args: given.arguments,
      env: given.environment,
      stdin: given.stdin ?? "",
      files: given.files,
      stdout: (data) => out.push(data),
      stderr: () => {},
      opened: (library) => (result.library = library),
    });
    result.library = loaded;
    if (plan.start !== null) {
      const status = loaded.main();
      if (loaded.trap) result.trap = loaded.trap.message;
      else result.exit = status;
    } else {
      result.exit = 0;
    }
    if (result.trap === undefined && !(plan.start !== null && result.exit !== 0)) {
      for (const call of calls) callOne(loaded, call, say);
    }
  } catch (error) {
    Object.assign(result, ending(error));
  }
  const files = {};
  for (const [name, data] of Object.entries(result.library?.files ?? {})) {
    const contents = text(data);
    if (given.files?.[name] !== contents) files[name] = contents;
  }
  const { exit = 0, trap = null, failed } = result;
  return { stdout: text(joined(out)), exit, trap, files, failed };
}

function valued(number, type) {
  return type === "i64" ? BigInt(number) : Number(number);
}

function ending(error) {
  if (error instanceof ProcessExited) return { exit: error.status };
  if (error instanceof Trap) return { trap: error.message };
  return { failed: String(error?.stack ?? error) };
}

function callOne(loaded, { library, name, words, type }, say) {
  const shown = `${name}(${words.join(", ")})`;
  const numbers = words.map((word, index) => (type.params[index] === "i64" ? BigInt(word) : Number(word)));
  let value;
  try {
    value = loaded.process.call(loaded.process.export(library, name), numbers);
  } catch (error) {
    const [[kind, said]] = Object.entries(ending(error));
    say(`${shown} ${kind}s: ${said}`);
    return;
  }
  const results = type.results.length === 0 ? [] : type.results.length === 1 ? [value] : [...value];
  say(results.length ? `${shown} = ${results.map(String).join(", ")}` : shown);
}
