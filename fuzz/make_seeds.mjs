#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Writes the first inputs of each fuzzer into FOLDER/<noun>/, made of the vectors and the examples.
// Usage: node fuzz/make_seeds.mjs FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MAX_SEED_BYTES = 32 << 10;
const root = new URL('..', import.meta.url).pathname;
const out = process.argv[2];
if (!out) throw new Error('usage: node fuzz/make_seeds.mjs FOLDER');

const vectors = (name) => JSON.parse(readFileSync(join(root, 'tests/vectors', `${name}.json`), 'utf8'));
const unhex = (text) => Buffer.from(text.replace(/([0-9a-f]{2})\*(\d+);/g, (_, byte, n) => byte.repeat(Number(n))), 'hex');
const file = (name) => readFileSync(join(root, name));
const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(n)); return b; };
const behind16 = (bytes) => Buffer.concat([u16(bytes.length), bytes]);
const behind8 = (bytes) => Buffer.concat([Buffer.from([bytes.length]), bytes]);

function write(noun, inputs) {
  mkdirSync(join(out, noun), { recursive: true });
  for (const input of inputs) {
    const bytes = Buffer.from(input);
    if (bytes.length > MAX_SEED_BYTES) continue;
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    writeFileSync(join(out, noun, name), bytes);
  }
}

write('note', [
  ...vectors('notes').map((v) => unhex(v.note)),
  ...vectors('checkpoints').map((v) => Buffer.concat([unhex(v.text), Buffer.from('\n— witness.example/w AAAAAAA=\n')])),
  ...vectors('cosignatures').filter((v) => v.line).map((v) => Buffer.from(`${v.text}\n${v.line.trimEnd()}\n`)),
]);
write('verifier_key', [...vectors('vkeys').map((v) => v.vkey), ...vectors('origins').map((v) => v.origin)]);

const base64 = (hex) => unhex(hex).toString('base64');
write('log_proof', vectors('proofs').filter((v) => v.proof).map((v, i) => {
  const extra = i % 2 ? `extra ${Buffer.from('something').toString('base64')}\n` : '';
  return `c2sp.org/tlog-proof@v1\n${extra}index ${v.index}\n${v.proof.map((h) => `${base64(h)}\n`).join('')}\n` +
    `city.example/hanse\n${v.size}\n${base64(v.root)}\n\n— city.example/hanse vwMuM3fBBvhg\n`;
}));
write('record_proof', vectors('record_proofs').map((v) => unhex(v.proof)));
const signedNotes = vectors('record_proofs').map((v) => unhex(v.proof).toString()).filter((text) => text.includes('\n\n'))
  .map((text) => text.slice(text.indexOf('\n\n') + 2)).filter((note) => note.includes('\u2014'));
const keyLines = vectors('key_changes').filter((v) => v.result === 'ok').map((v) => v.files.map((f) => `key ${base64(f)}\n`).join(''));
const counted = (word, note) => `${word} ${Buffer.byteLength(note)}\n${note}`;
write('fork_evidence', signedNotes.map((note, i) => {
  const hashes = vectors('proofs').find((v) => v.proof?.length === i % 4)?.proof ?? [];
  return `hanse fork evidence 1\nroot ${base64(vectors('roots')[i % 10].root)}\nproof ${hashes.length}\n${hashes.map((h) => `${base64(h)}\n`).join('')}`
    + counted('smaller', note) + counted('larger', signedNotes[(i + 1) % signedNotes.length]) + (keyLines[i % keyLines.length] ?? '');
}));
write('proof', vectors('proofs').filter((v) => v.proof).map((v) =>
  Buffer.concat([u64(v.index), u64(v.size), unhex(v.leaf), unhex(v.root), ...v.proof.map(unhex)])));
write('feed_name', [
  ...vectors('tiles').map((v) => v.path),
  'checkpoint', 'hanse/manifest', 'hanse/public/0-0123456789abcdef', 'hanse/public/9223372036854775807-ffffffffffffffff',
  'hanse/key/1', 'hanse/key/18446744073709551615', 'tile/63/x009/x223/x372/x036/x854/x775/807', 'private/config',
]);
const feeds = vectors('feeds');
const feedFiles = feeds.flatMap((v) => Object.entries(v.files).filter(([, bytes]) => bytes !== null).map(([path, bytes]) => [path, unhex(bytes)]));
write('bundle', [
  ...feedFiles.filter(([path]) => path.startsWith('tile/entries/')).map(([, bytes]) => bytes),
  '', Buffer.from([0, 0]), Buffer.from([0, 3, 1]),
]);
write('manifest', [
  ...vectors('manifests').map((v) => unhex(v.manifest)),
  ...feedFiles.filter(([path]) => path === 'hanse/manifest').map(([, bytes]) => bytes),
]);
write('key_change', vectors('key_changes').map((v) => Buffer.concat(v.files.map(unhex).filter((f) => f.length < 65536).map(behind16))));

const entries = vectors('entries');
const payloads = vectors('payloads');
write('header', entries.map((v) => unhex(v.entry).subarray(32)));
write('entry', [
  ...entries.filter((v) => unhex(v.entry).length < 65536)
    .map((v) => Buffer.concat([Buffer.from([Number(v.index) & 255]), behind16(unhex(v.entry))])),
  ...payloads.map((v) => Buffer.concat([Buffer.from([5]), behind16(Buffer.concat([Buffer.alloc(32), unhex(v.header)])), unhex(v.payload)])),
]);
const frames = vectors('frames').map((v) => unhex(v.file));
const made = [
  [[], Buffer.concat([behind8(Buffer.from('0804', 'hex')), Buffer.from([0, 1])])],
  [Buffer.alloc(16, 7), Buffer.concat([behind8(Buffer.from('3014', 'hex')), Buffer.from([0, 0])])],
  [Buffer.alloc(26, 7), Buffer.concat([Buffer.from([22]), Buffer.from('080112100102030405063016', 'hex'), Buffer.from([0, 23]), Buffer.alloc(6)])],
];
write('frame', [
  ...frames.map((f) => Buffer.concat([Buffer.from([0]), f])), ...frames.map((f) => Buffer.concat([Buffer.from([1]), f])),
  ...made.map(([raw, body]) => Buffer.concat([Buffer.from([2]), u16(1), behind16(Buffer.from(raw)), body])),
]);
const segments = feedFiles.filter(([path]) => path.startsWith('hanse/public/')).map(([, bytes]) => bytes);
const described = (list) => Buffer.concat(list.map(({ header, payload, flags }) =>
  Buffer.concat([Buffer.from([flags]), behind8(header), behind8(payload)])));
const small = entries.map((v) => unhex(v.entry).subarray(32)).filter((h) => h.length < 256);
const smallPayloads = payloads.filter((v) => unhex(v.payload).length < 256);
write('verifier', [
  ...segments.flatMap((s) => [0, 1].map((mode) => Buffer.concat([Buffer.from([mode, 12]), s]))),
  Buffer.concat([Buffer.from([2, 99]), described(small.slice(0, 30).map((header, i) => ({ header, payload: Buffer.alloc(0), flags: i % 4 })))]),
  Buffer.concat([Buffer.from([2, 5]), described(smallPayloads.map((v, i) => ({ header: unhex(v.header), payload: unhex(v.payload), flags: i % 3 === 0 ? 2 : 0 })))]),
  ...small.map((header) => Buffer.concat([Buffer.from([2, 40]), described([{ header, payload: Buffer.alloc(0), flags: 0 }])])),
]);
write('record', payloads.flatMap((v) => {
  const payload = unhex(v.payload);
  return [payload.subarray(20), ...(v.record ? [unhex(v.record)] : [])];
}));

const examples = ['minatogawa', 'secretariat'].map((name) => file(`examples/data/${name}.jsonl`).toString());
const lines = examples.flatMap((text) => text.split('\n').filter(Boolean));
write('record_json', [
  ...lines.map((line) => JSON.stringify(JSON.parse(line).record ?? JSON.parse(line))),
  '{"header":{"displayName":[{"text":"\\u00e9\\ud83d\\ude00","language":"fr"}]},"project":{}}', '{"actor":{},"project":{}}', '{"project":null}', '[]',
]);
write('jsonl', [
  ...examples, ...lines.slice(0, 6), `\ufeff${lines[0]}\r\n\r\n${lines[1]}`, 'nothing\n{}\n',
  `{"id":"x","record":${JSON.stringify(JSON.parse(lines[0]).record ?? JSON.parse(lines[0]))},"more":[1,{}]}`,
]);
write('iati', [
  file('examples/data/puerto-claro.xml'),
  ...readdirSync(join(root, 'tests/data/iati')).map((name) => file(join('tests/data/iati', name))),
]);
write('response', [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "a"\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n',
  'HTTP/2 206\r\ncontent-range: bytes 0-0/*\r\ncontent-range: bytes */7\r\n\r\n',
  'HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n',
  'HTTP/1.1 416 X\r\nContent-Range: bytes */18446744073709551615\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n',
]);
const hex64 = '5f'.repeat(32);
write('request', [
  `\x20/checkpoint\nbytes=0-9\n"5f3-19b76daa801"\n"5f3-19b76daa801"\n`,
  `\x40/${hex64}/hanse/manifest\nbytes=-5\nW/"x", W/"5f3-19b76daa801"\n\n`,
  `\x10/tile/0/000.p/7\nbytes=5-\n*\nSat, 29 Oct 1994 19:43:31 GMT\n`,
  `\x08/${hex64}/../private/config\nbytes=0-1,3-4\n"a" , "b"\n\n`,
  `\x00/%63heckpoint\nbytes=18446744073709551615-\n"\n\n`,
]);
write('config', [
  '# Settings of this node; see docs/manual.md.\nown-feed = city.example/hanse\n',
  'own-feed = city.example:8443/a/b\r\nown-feed=other.example/x\nstate-dir = /var/lib/hanse\n', 'state-dir=relative\n', 'own-fed = x\n', '\n \t\n',
]);
const pin = `sha256//${Buffer.alloc(32, 9).toString('base64')}`;
write('endpoint', [
  pin, `${pin};${pin}`, '127.0.0.1:8443', '[::1]:0', '[fe80::1%lo]:1', 'https://city.example/hanse/', 'https://city.example:8443/a%20b',
  'https://user:word@city.example/', 'http://city.example/', 'file:///srv/hanse%20x/', 'file://localhost/srv', 'file:/srv', 'https://[::1]:8443/x?y#z',
]);
write('search_query', [
  'waste water', '"solid waste" -plastic', 'transpor* "urban tran"*', '廃棄物 北九州市', '市', 'ｺﾞﾐ ＡＢＣ　－x', 'การพัฒนา', '“a” «b» city-to-city',
  'title:x {body} NEAR(a b, 3) AND OR NOT ^a + b', '"', '-', '*', '-"', 'Łódź Straße Đà Nẵng', Buffer.from([0xff, 0x61, 0xed, 0xa0, 0x80, 0]),
]);
