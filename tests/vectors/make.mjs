#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Makes the vectors of this folder. make.mjs writes them, make.mjs --check compares what would be written with what is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { entries, keyChanges, manifests, payloads } from './make/entries.mjs';
import { feeds } from './make/feeds.mjs';
import { frames } from './make/frames.mjs';
import { checkpoints, cosignatures, notes, origins, trees, vkeys } from './make/notes.mjs';
import { recordProofs } from './make/record_proofs.mjs';

const { roots, proofs, tiles } = trees();
const FILES = {
  origins: origins(), vkeys: vkeys(), notes: notes(), checkpoints: checkpoints(), cosignatures: cosignatures(), roots, proofs,
  tiles, entries: entries(), payloads: payloads(), frames: frames(), manifests: manifests(), key_changes: keyChanges(),
  record_proofs: recordProofs(), feeds: feeds(),
};

/** One vector a line. */
const format = (vectors) => `[\n${vectors.map((vector) => JSON.stringify(vector)).join(',\n')}\n]\n`;

let differences = 0;
for (const [name, vectors] of Object.entries(FILES)) {
  const names = vectors.map((vector) => vector.name).filter(Boolean);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice) throw new Error(`${name} has "${twice}" twice`);
  const url = new URL(`${name}.json`, import.meta.url);
  const text = format(vectors);
  if (!process.argv.includes('--check')) {
    writeFileSync(url, text);
  } else if (readFileSync(url, 'utf8') !== text) {
    console.error(`${name}.json is not what make.mjs makes`);
    differences++;
  }
}
process.exitCode = differences ? 1 : 0;
