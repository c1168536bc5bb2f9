// SPDX-License-Identifier: Apache-2.0
// `hanse verify` on the whole feeds of tests/vectors, each as a folder: the same result and counts as they say.
// Usage: node tests/verify_vectors.mjs PROGRAM
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = resolve(process.argv[2]);
const here = dirname(fileURLToPath(import.meta.url));
const feeds = new Map(JSON.parse(readFileSync(join(here, 'vectors/feeds.json'), 'utf8')).map((feed) => [feed.name, feed]));
const COUNTS = ['result', 'size', 'root', 'entries', 'payloads', 'withheld', 'erased', 'invalid', 'unknown'];
const unhex = (text) => Buffer.from(text.replace(/(..)\*(\d+);/g, (_, pair, count) => pair.repeat(Number(count))), 'hex');

function filesOf(feed) {
  const files = feed.base ? filesOf(feeds.get(feed.base)) : new Map();
  for (const [path, bytes] of Object.entries(feed.files)) {
    if (bytes === null) files.delete(path);
    else files.set(path, unhex(bytes));
  }
  return files;
}

function differences(feed, folder) {
  for (const [path, bytes] of filesOf(feed)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const ran = spawnSync(program, ['verify', folder, '--key', feed.key, '--json'], { encoding: 'utf8' });
  const exit = feed.expect.result === 'ok' ? 0 : 3;
  if (ran.status !== exit) return [`exit code ${ran.status}, not ${exit}: ${ran.stderr.trim()}`];
  const seen = JSON.parse(ran.stdout);
  return COUNTS.filter((name) => name in feed.expect && name in seen && seen[name] !== feed.expect[name])
    .map((name) => `${name} is ${seen[name]}, not ${feed.expect[name]}: ${seen.message}`);
}

let wrong = 0, count = 0;
for (const feed of feeds.values()) {
  if (feed.expect.rule === 'feed.checkpoint') continue; // a folder without a checkpoint is no feed to verify
  const folder = mkdtempSync(join(tmpdir(), 'hanse-verify-'));
  try {
    for (const difference of differences(feed, folder)) {
      console.error(`"${feed.name}" (${feed.expect.rule}): ${difference}`);
      wrong++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  count++;
}
console.log(`${count} feeds verified, ${wrong} differences`);
process.exitCode = wrong ? 1 : 0;
