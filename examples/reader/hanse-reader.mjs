#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Checks a whole feed, from docs/protocol.md alone: an independent reader without any code of the C library.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure } from './lib/bytes.mjs';
import { isSuccessor, verifyFeed } from './lib/feed.mjs';
import { ED25519, isOrigin, parseVkey } from './lib/note.mjs';
import { checkRecordProof } from './lib/proof.mjs';
import { openSource, parsePins } from './lib/source.mjs';

const HELP = `usage: hanse-reader.mjs LOCATION --key VKEY [--pin PIN] [--json] [--predecessor LOCATION --predecessor-key VKEY]
       hanse-reader.mjs --proof FILE --key VKEY [--json]
Verifies the feed in LOCATION (a folder, file: or https: URL) and changes nothing.
  --key VKEY             the feed's verifier key; its name is the origin
  --pin PIN              sha256//base64 of the server's public key, two joined by ";": the pin alone decides
  --json                 one line of JSON
  --predecessor LOCATION the feed that this one says it continues; checked too, and the link between both
  --proof FILE           a record proof, checked instead of a feed
Exit codes: 0 verified, 2 wrong usage, 3 verification failed, 4 unreachable.
`;
const EXIT = { ok: 0, unreachable: 4 };

class Usage extends Error {}

function feedKey(text, option) {
  try {
    const key = parseVkey(text ?? '');
    if (key.type === ED25519 && isOrigin(key.name)) return key;
    throw new Usage(`${option} is not the key of a feed`);
  } catch (error) {
    if (error instanceof Failure) throw new Usage(`${option}: ${error.message}`);
    throw error;
  }
}

async function verifyAt(location, key, pins) {
  const source = openSource(location, pins);
  if (!source) throw new Usage(`"${location}" is no folder, file: or https: URL`);
  try {
    return await verifyFeed(source, key);
  } finally {
    source.close();
  }
}

function print(report, json) {
  if (json) {
    console.log(JSON.stringify(report));
    return;
  }
  const { feed, size, root, entries, payloads, withheld, erased, invalid, unknown, result } = report;
  console.log(`${feed} size ${size} root ${root || '-'} entries ${entries} payloads ${payloads} withheld ${withheld} `
    + `erased ${erased} invalid ${invalid} unknown ${unknown} result ${result}`);
}

function explain(report) {
  for (const { index, verdict, rule, message } of report.marked) console.error(`entry ${index} is ${verdict}: ${message} [${rule}]`);
  for (const warning of report.warnings) console.error(`warning: ${warning}`);
  if (report.message) console.error(`${report.result}: ${report.message}`);
}

function checkProof(file, key, json) {
  let report;
  try {
    const { record, root, ...proven } = checkRecordProof(readFileSync(file), key);
    report = { result: 'ok', ...proven, root: root.toString('base64'), record: record?.toString('base64') ?? null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    report = { result: 'refused', rule: error.rule, message: error.message };
  }
  const number = (_, value) => (typeof value === 'bigint' ? Number(value) : value);
  if (json) console.log(JSON.stringify(report, number));
  else if (report.result === 'ok') console.log(`${report.id} entry ${report.index} size ${report.size} root ${report.root} result ok`);
  if (report.result !== 'ok') console.error(`"${file}" proves nothing: ${report.message} [${report.rule}]`);
  return report.result === 'ok' ? 0 : 3;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' }, pin: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' },
      proof: { type: 'string' }, predecessor: { type: 'string' }, 'predecessor-key': { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.proof !== undefined && positionals.length === 0) return checkProof(values.proof, feedKey(values.key, '--key'), values.json);
  if (positionals.length !== 1) throw new Usage('one LOCATION is needed');
  const pins = values.pin === undefined ? null : parsePins(values.pin);
  if (values.pin !== undefined && !pins) throw new Usage('--pin is not sha256//base64, at most two joined by ";"');
  const key = feedKey(values.key, '--key');
  const oldKey = values.predecessor === undefined ? null : feedKey(values['predecessor-key'], '--predecessor-key');
  const fresh = await verifyAt(positionals[0], key, pins);
  const reports = [fresh.report];
  if (oldKey) {
    const old = await verifyAt(values.predecessor, oldKey, pins);
    reports.push(old.report);
    fresh.report.linked = Boolean(old.leaves && fresh.leaves && isSuccessor(old, fresh));
    if (!fresh.report.linked && fresh.report.result === 'ok') {
      Object.assign(fresh.report, { result: 'mismatch', rule: 'feed.successor', message: 'the feeds do not name each other' });
    }
  }
  for (const report of reports) {
    print(report, values.json);
    explain(report);
  }
  const codes = reports.map(({ result }) => EXIT[result] ?? 3);
  return codes.includes(3) ? 3 : Math.max(...codes);
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof Usage || String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!usage) throw error;
  console.error(`${error.message}\n${HELP}`);
  process.exitCode = 2;
}
