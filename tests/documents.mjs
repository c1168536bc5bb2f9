// SPDX-License-Identifier: Apache-2.0
// Runs what a document tells its reader to type and compares what comes with what it shows.
// Usage: node tests/documents.mjs PROGRAM SOURCE_DIR DOCUMENT...
//
// In an indented block a line that begins with "$ " is typed; a here-document goes with it. The lines below it are
// its whole output: "…" in a line stands for any text, alone on a line for any lines. A command must succeed, unless
// "(exit code N)" is shown last. Blocks without "$ " are not run. Ports of 127.0.0.1 become free ones.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const [program, source, ...documents] = process.argv.slice(2);

function commandsOf(text) {
  const commands = [];
  let ending = null;
  text.split("\n").forEach((raw, i) => {
    const line = raw.startsWith("    ") ? raw.slice(4) : null;
    const last = commands.at(-1);
    if (ending !== null && line !== null) {
      last.typed += `\n${line}`;
      if (line === ending) ending = null;
    } else if (line !== null && line.startsWith("$ ")) {
      commands.push({ line: i + 1, typed: line.slice(2), shown: [], open: true });
      ending = line.match(/<<'?([A-Z]+)'?/)?.[1] ?? null;
    } else if (line !== null && last?.open) {
      if (last.typed.endsWith("\\")) last.typed += `\n${line}`;
      else last.shown.push(line);
    } else if (raw === "" && last?.open) {
      last.shown.push("");
    } else if (last) {
      last.open = false;
    }
  });
  return commands;
}

function patternOf(shown) {
  const escaped = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*");
  const lines = shown.map((line) => (line === "…" ? "(?:.*\n)*?" : `${escaped(line.trimEnd())}[ ]*\n`));
  return new RegExp(`^${lines.join("")}$`);
}

function freePort() {
  return new Promise((settle, fail) => {
    const server = createServer().on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => settle(port));
    });
  });
}

async function withFreePorts(text) {
  for (const port of new Set([...text.matchAll(/127\.0\.0\.1:([0-9]+)/g)].map((match) => match[1])))
    text = text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${await freePort()}`);
  return text;
}

async function run(document) {
  const commands = commandsOf(await withFreePorts(readFileSync(join(source, document), "utf8")));
  if (commands.length === 0) throw new Error(`${document}: nothing to type`);
  const work = mkdtempSync(join(tmpdir(), "hanse-"));
  symlinkSync(join(resolve(source), "examples"), join(work, "examples"));
  const script = commands.map(({ typed }, i) => `printf '\\001%d\\n' ${i}\n${typed}\nprintf '\\002%d\\n' $?`).join("\n");
  const env = { ...process.env, HOME: work, PATH: `${dirname(resolve(program))}:${process.env.PATH}`, LC_ALL: "C.UTF-8" };
  for (const name of ["HANSE_NODE", "XDG_STATE_HOME", "https_proxy", "HTTPS_PROXY", "http_proxy", "ALL_PROXY"]) delete env[name];
  const result = spawnSync("sh", ["-c", `exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n${script}`],
    { cwd: work, env, encoding: "utf8", timeout: 600_000, maxBuffer: 1 << 26 });
  rmSync(work, { recursive: true, force: true });
  let failures = 0;
  commands.forEach(({ line, typed, shown }, i) => {
    const from = result.stdout.indexOf(`\u0001${i}\n`);
    const to = result.stdout.indexOf("\u0002", from);
    const output = from < 0 ? "" : result.stdout.slice(from + `\u0001${i}\n`.length, to < 0 ? undefined : to);
    const code = to < 0 ? null : Number(result.stdout.slice(to + 1).match(/^\d+/)[0]);
    while (shown.at(-1) === "") shown.pop();
    const wanted = Number(shown.at(-1)?.match(/^\(exit code (\d+)\)$/)?.[1] ?? 0);
    const lines = wanted === 0 ? shown : shown.slice(0, -1);
    const ended = output === "" || output.endsWith("\n") ? output : `${output}\n`;
    if (process.env.SHOW) console.log(`$ ${typed}\n${output}`);
    if (code === wanted && patternOf(lines).test(ended)) return;
    failures++;
    console.log(`${document}:${line}: $ ${typed}\nexit code ${code}, wanted ${wanted}; it printed:\n${output}but is shown:\n${lines.join("\n")}\n`);
  });
  console.log(`${document}: ${commands.length} commands, ${failures} not as shown`);
  return failures;
}

let failures = 0;
for (const document of documents) failures += await run(document);
process.exit(failures === 0 ? 0 : 1);
