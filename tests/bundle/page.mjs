// Drives Chromium for the tests: `node page.mjs CHROMIUM PROFILE URL`, a JSON array of steps on standard input. A step is
// {do: JavaScript, until: JavaScript that becomes true, type: TEXT, viewport: [width, height], dark, screenshot: FILE}; what comes out is
// a JSON array with the value of each `do`, and what the page complained of.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [, , chromium, profile, address] = process.argv;
const steps = JSON.parse(readFileSync(0, "utf8"));
const LIMIT_MS = 60_000;

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--hide-scrollbars",
  "--remote-debugging-port=0",
  `--user-data-dir=${profile}`,
];
const browser = spawn(chromium, [...flags, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
const port = await new Promise((resolve, reject) => {
  let text = "";
  browser.stderr.on("data", (data) => {
    text += data;
    const found = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(text);
    if (found) resolve(found[1]);
  });
  browser.on("exit", () => reject(new Error(`Chromium ended: ${text}`)));
});

let page;
for (let tries = 0; !page && tries < 100; tries += 1) {
  const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  page = targets.find((each) => each.type === "page");
  if (!page) await sleep(50);
}
const socket = new WebSocket(page.webSocketDebuggerUrl);
await new Promise((resolve) => socket.addEventListener("open", resolve));
const waiting = new Map();
const complaints = [];
let last = 0;
socket.addEventListener("message", ({ data }) => {
  const { id, result, error, method, params } = JSON.parse(data);
  if (id) waiting.get(id)?.(error ? { error } : result);
  if (method === "Runtime.exceptionThrown")
    complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
  if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level))
    complaints.push(params.entry.text);
});
const send = (method, params = {}) =>
  new Promise((resolve) => {
    waiting.set((last += 1), resolve);
    socket.send(JSON.stringify({ id: last, method, params }));
  });
const evaluate = async (expression) => {
  const { result, exceptionDetails } = await send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};

const said = [];
try {
  await send("Runtime.enable");
  await send("Log.enable");
  await send("Page.enable");
  await send("Page.navigate", { url: address });
  for (const step of steps) {
    if (step.viewport) {
      const [width, height] = step.viewport;
      await send("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: step.scale ?? 1,
        mobile: width < 600,
      });
    }
    if ("dark" in step) {
      await send("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: step.dark ? "dark" : "light" }],
      });
    }
    if (step.type) await send("Input.insertText", { text: step.type });
    for (const key of step.keys ?? []) {
      const text = { Enter: "\r", " ": " " }[key];
      await send("Input.dispatchKeyEvent", {
        type: "keyDown",
        key,
        code: key,
        text,
        windowsVirtualKeyCode: { Tab: 9, Enter: 13, " ": 32, ArrowDown: 40 }[key] ?? 0,
      });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key });
    }
    if (step.until) {
      const end = Date.now() + LIMIT_MS;
      while (!(await evaluate(`Boolean(${step.until})`).catch(() => false))) {
        if (Date.now() > end) throw new Error(`never true: ${step.until}; the page says ${complaints.join("\n")}`);
        await sleep(20);
      }
    }
    if (step.do) said.push((await evaluate(step.do)) ?? null);
    if (step.screenshot) {
      await sleep(200);
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: Boolean(step.whole) });
      writeFileSync(step.screenshot, Buffer.from(data, "base64"));
    }
  }
  process.stdout.write(JSON.stringify({ said, complaints }));
} finally {
  socket.close();
  browser.removeAllListeners("exit");
  const ended = new Promise((resolve) => browser.on("exit", resolve));
  browser.kill();
  await ended;
}
