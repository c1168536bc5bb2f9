// SPDX-License-Identifier: Apache-2.0
// Runs the vectors of tests/vectors through the independent reader: each good one is accepted, each bad one is refused
// for its own reason. Also the program itself, on folders.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Failure, sha256 } from '../examples/reader/lib/bytes.mjs';
import { judgeEntry } from '../examples/reader/lib/entry.mjs';
import { isSuccessor, KeyChain, verifyFeed } from '../examples/reader/lib/feed.mjs';
import { FrameReader } from '../examples/reader/lib/frame.mjs';
import { leafHash, rootFromProof, rootOf, tilePath } from '../examples/reader/lib/merkle.mjs';
import {
  cosignatureTime, cosignedMessage, formatVkey, isOrigin, openNote, parseCheckpoint, parseNote, parseVkey,
} from '../examples/reader/lib/note.mjs';
import { checkRecordProof } from '../examples/reader/lib/proof.mjs';
import { MemorySource } from '../examples/reader/lib/source.mjs';
import { decodeManifest, segmentPath } from '../examples/reader/lib/wire.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const READER = join(here, '../examples/reader/hanse-reader.mjs');
const ORIGIN = 'city.example/hanse';
const load = (name) => JSON.parse(readFileSync(join(here, 'vectors', `${name}.json`), 'utf8'));
/** Bytes of the hex of the vectors, in which "xx*count;" is a run. */
const unhex = (text) => Buffer.from(text.replace(/(..)\*(\d+);/g, (_, pair, count) => pair.repeat(Number(count))), 'hex');

/** Runs `work` for each vector of a file; where it says "refused" the rule must be the one that it names. */
function each(name, work) {
  test(name, async (t) => {
    const vectors = load(name);
    assert.ok(vectors.length > 0);
    for (const vector of vectors) {
      await t.test(vector.name ?? vector.path, async () => {
        if (vector.result !== 'refused') return work(vector);
        return assert.rejects(async () => work(vector), (error) => {
          assert.ok(error instanceof Failure, error.stack);
          assert.equal(error.rule, vector.rule ?? error.rule);
          return true;
        });
      });
    }
  });
}

each('origins', ({ origin, result }) => {
  const ok = isOrigin(origin);
  if (!ok && result === 'refused') throw new Failure('origin', 'refused');
  assert.ok(ok);
});

each('vkeys', ({ vkey, type, public_key }) => {
  const key = parseVkey(vkey);
  assert.equal(key.type, type);
  assert.deepEqual(key.publicKey, unhex(public_key));
  assert.equal(formatVkey(key), vkey);
});

each('notes', ({ note, keys, text, signers }) => {
  const opened = openNote(unhex(note), keys.map(parseVkey));
  assert.deepEqual(opened.text, unhex(text));
  assert.deepEqual(opened.signers.map(formatVkey), signers);
});

each('checkpoints', ({ text, origin, size, root }) => {
  const checkpoint = parseCheckpoint(unhex(text));
  assert.deepEqual([checkpoint.origin, String(checkpoint.size), checkpoint.root], [origin, size, unhex(root)]);
});

each('cosignatures', ({ vkey, text, time, signed, line }) => {
  const key = parseVkey(vkey);
  const note = openNote(Buffer.from(`${text}\n${line}`), [key]);
  assert.equal(String(cosignatureTime(note, key)), time);
  assert.deepEqual(cosignedMessage(BigInt(time), note.text), unhex(signed));
});

each('roots', ({ entries, root }) => assert.deepEqual(rootOf(entries.map((entry) => leafHash(unhex(entry)))), unhex(root)));

each('proofs', ({ leaf, index, size, root, proof }) => {
  const found = rootFromProof(unhex(leaf), BigInt(index), BigInt(size), proof.map(unhex));
  if (!found.equals(unhex(root))) throw new Failure('proof.root', 'another root');
});

each('tiles', ({ level, number, width, path }) => assert.equal(tilePath(level, number, width), path));

/** Decoded header in the form of the vectors. */
function fieldsOf(header) {
  const fields = {
    operation: header.operation, published_unix_s: String(header.published_unix_s), record_id: header.record_id,
    audience: header.audience, network_ids: header.network_ids, payload_bytes: header.payload_bytes, kind: header.kind,
    reason: header.reason, erase_by_unix_s: header.erase_by_unix_s, recovery_threshold: header.key?.recovery_threshold,
    erased: header.erased.map(({ first, count }) => [String(first), String(count)]),
    verifier_key: header.key?.verifier_key, transport_key: header.key?.transport_key, encryption_key: header.key?.encryption_key,
    recovery_keys: header.key?.recovery_keys, predecessor_origin: header.key?.predecessor?.origin.toString(),
    predecessor_size: header.key?.predecessor?.size, predecessor_root: header.key?.predecessor?.root,
    successor_origin: header.successor?.origin.toString(), successor_key: header.successor?.verifier_key,
  };
  const plain = (value) => (Buffer.isBuffer(value) ? value.toString('hex') : typeof value === 'bigint' ? String(value) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.map(plain) : plain(value)])
    .filter(([, value]) => value !== undefined && value !== '' && value !== 0 && value !== '0' && value.length !== 0));
}

each('entries', ({ index, entry, verdict, rule, fields }) => {
  const bytes = unhex(entry);
  const judged = judgeEntry(BigInt(index), ORIGIN, { commitment: bytes.subarray(0, 32), header: bytes.subarray(32), payload: null });
  assert.deepEqual([judged.verdict, judged.rule], [verdict, rule ?? '']);
  if (fields) assert.deepEqual(fieldsOf(judged.header), fields);
});

each('payloads', ({ header, payload, verdict, rule, record }) => {
  const bytes = unhex(payload);
  const judged = judgeEntry(5n, ORIGIN, { commitment: sha256(bytes), header: unhex(header), payload: bytes });
  assert.deepEqual([judged.verdict, judged.rule], [verdict, rule ?? '']);
  if (record) assert.deepEqual(judged.record, unhex(record));
});

each('frames', (vector) => {
  const reader = new FrameReader(unhex(vector.file));
  let frame;
  for (let count = 0; !reader.done; count++) {
    try {
      frame = reader.next();
    } catch (error) {
      if (vector.result === 'refused') assert.equal(count, vector.good_frames, `another frame: ${error.message}`);
      throw error;
    }
  }
  assert.equal(String(frame.first), vector.first);
  assert.equal(frame.entries.length, vector.entries.length);
  frame.entries.forEach(({ header, payload, commitment }, i) => {
    const expected = vector.entries[i];
    assert.deepEqual([header, payload === null, commitment], [unhex(expected.header), expected.absent, unhex(expected.commitment)]);
    if (expected.payload !== undefined) assert.deepEqual(payload, unhex(expected.payload));
    if (expected.payload_bytes !== undefined) assert.equal(payload.length, expected.payload_bytes);
  });
});

each('manifests', ({ manifest, segments }) => {
  assert.deepEqual(decodeManifest(unhex(manifest)).segments.map(segmentPath), segments);
});

each('key_changes', ({ origin, key, files, newest, joined }) => {
  const chain = new KeyChain(origin, parseVkey(key));
  for (const file of files) chain.extend(unhex(file));
  assert.deepEqual([formatVkey(chain.key), chain.joined], [newest, joined]);
});

each('record_proofs', ({ key, proof, ...expect }) => {
  const proven = checkRecordProof(unhex(proof), parseVkey(key));
  assert.deepEqual([proven.index, proven.size, proven.revision], [BigInt(expect.index), BigInt(expect.size), BigInt(expect.revision)]);
  assert.deepEqual([proven.key, proven.withdrawn], [expect.signed_by, expect.withdrawn]);
  assert.equal(proven.id.replace(/^.*\/|-/g, ''), expect.record_id);
  assert.equal((proven.record ?? Buffer.alloc(0)).toString('hex'), unhex(expect.record).toString('hex'));
});

// Whole feeds.
const feeds = new Map(load('feeds').map((feed) => [feed.name, feed]));
function filesOf(feed) {
  const files = feed.base ? filesOf(feeds.get(feed.base)) : new Map();
  for (const [path, bytes] of Object.entries(feed.files)) {
    if (bytes === null) files.delete(path);
    else files.set(path, unhex(bytes));
  }
  return files;
}
const verify = (feed) => verifyFeed(new MemorySource(filesOf(feed)), parseVkey(feed.key));

each('feeds', async (feed) => {
  const verified = await verify(feed);
  const { report } = verified;
  const seen = Object.fromEntries(Object.keys(feed.expect).map((name) => [name, report[name]]));
  assert.deepEqual(seen, feed.expect, report.message);
  assert.deepEqual(report.missing, feed.missing ?? report.missing);
  if (feed.marks) assert.deepEqual(report.marked.map(({ index, verdict, rule }) => ({ index, verdict, rule })), feed.marks);
  if (feed.predecessor) assert.equal(isSuccessor(await verify(feeds.get(feed.predecessor)), verified), feed.linked);
  if (report.result !== 'ok') assert.ok(report.message.includes(`[${report.rule}]`));
});

test('each refusal names its object', async () => {
  for (const feed of feeds.values()) {
    const { report } = await verify(feed);
    if (!['ok', 'incomplete'].includes(report.result)) assert.match(report.message, /\("[^"]+"/, feed.name);
  }
});

test('what the vectors hold is what make.mjs makes', () => {
  const made = spawnSync(process.execPath, [join(here, 'vectors/make.mjs'), '--check'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
});

// The program.
function writeFeed(folder, feed) {
  for (const [path, bytes] of filesOf(feed)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'hanse-reader-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return Promise.resolve().then(() => work(folder)).finally(remove);
}
const run = (...args) => spawnSync(process.execPath, [READER, ...args], { encoding: 'utf8' });

test('the program on folders', () => withFolder((folder) => {
  const cases = [['plain', 0], ['marked', 0], ['plain with other tiles', 0], ['tile differs', 3], ['incomplete', 3], ['bit of a frame flipped', 3],
    ['segment cut off', 3], ['no checkpoint', 4], ['retired key signs', 3]];
  for (const [name, exit] of cases) {
    const feed = feeds.get(name), where = join(folder, name);
    writeFeed(where, feed);
    const ran = run(where, '--key', feed.key, '--json');
    assert.equal(ran.status, exit, `${name}: ${ran.stderr}`);
    const line = JSON.parse(ran.stdout);
    assert.deepEqual([line.feed, line.result, line.rule], [ORIGIN, feed.expect.result, feed.expect.rule]);
  }
  const flipped = run(join(folder, 'bit of a frame flipped'), '--key', feeds.get('plain').key);
  assert.match(flipped.stderr, /"hanse\/public\/0-[0-9a-f]{16}", byte \d+/);
  const byUrl = run(pathToFileURL(join(folder, 'plain')).href, '--key', feeds.get('plain').key);
  assert.deepEqual([byUrl.status, byUrl.stderr], [0, '']);
  assert.match(byUrl.stdout, /^city\.example\/hanse size 7 root \S+ entries 7 payloads 5 withheld 0 erased 0 invalid 0 unknown 0 result ok\n$/);
  const other = run(join(folder, 'plain with other tiles'), '--key', feeds.get('plain').key);
  assert.match(other.stderr, /^warning: "tile\/0\/000\.p\/8" is not part of the tree\n$/);
}));

test('the program on a feed and its successor', () => withFolder((folder) => {
  const check = (name) => {
    writeFeed(join(folder, 'moved'), feeds.get('moved'));
    writeFeed(join(folder, name), feeds.get(name));
    return run(join(folder, name), '--key', feeds.get(name).key, '--json', '--predecessor', join(folder, 'moved'), '--predecessor-key', feeds.get('moved').key);
  };
  const linked = check('successor');
  assert.equal(linked.status, 0, linked.stderr);
  assert.equal(JSON.parse(linked.stdout.split('\n')[0]).linked, true);
  assert.equal(check('successor with another root').status, 3);
}));

test('wrong usage', () => {
  const { key } = feeds.get('plain');
  const weak = load('vkeys').find(({ name }) => name === 'identity').vkey;
  for (const args of [[], ['x'], ['x', '--key', 'y'], ['x', '--key', weak], ['http://a/', '--key', key], ['x', 'y', '--key', key], ['x', '--key', key, '--pin', 'z'], ['--other']]) {
    assert.equal(run(...args).status, 2, args.join(' '));
  }
  assert.equal(run('/nonexistent/feed', '--key', key).status, 4);
});

const openssl = spawnSync('openssl', ['version']).status === 0;
test('over HTTPS with a pin', { skip: openssl ? false : 'openssl is not there to make a certificate' }, () => withFolder(async (folder) => {
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=x',
    '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]);
  assert.equal(made.status, 0, String(made.stderr));
  const files = filesOf(feeds.get('plain'));
  let asked = 0;
  const server = createServer({ key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) }, (request, response) => {
    asked++;
    if (request.url === '/moved/checkpoint') {
      response.writeHead(302, { location: '/feed/checkpoint' });
      return response.end();
    }
    const bytes = files.get(request.url.slice('/feed/'.length));
    response.writeHead(bytes ? 200 : 404);
    return response.end(bytes);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const base = `https://127.0.0.1:${server.address().port}`;
  const { key } = feeds.get('plain');
  const ask = (path, ...more) => new Promise((resolve) => {
    const child = spawn(process.execPath, [READER, `${base}${path}`, '--key', key, '--json', ...more]);
    let out = '';
    child.stdout.on('data', (part) => { out += part; });
    child.on('close', (status) => resolve({ status, out }));
  });
  const spki = spawnSync('sh', ['-c', 'openssl x509 -in "$0" -pubkey -noout | openssl pkey -pubin -outform DER', join(folder, 'cert.pem')]).stdout;
  const pin = `sha256//${sha256(spki).toString('base64')}`;
  const other = `sha256//${sha256('x').toString('base64')}`;
  try {
    assert.equal((await ask('/feed/', '--pin', other)).status, 4);
    assert.equal((await ask('/feed/')).status, 4);
    assert.equal(asked, 0, 'no request leaves before the certificate is accepted');
    const pinned = await ask('/feed', '--pin', `${other};${pin}`);
    assert.deepEqual([pinned.status, JSON.parse(pinned.out).result], [0, 'ok']);
    assert.equal((await ask('/moved/', '--pin', pin)).status, 4);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}));
