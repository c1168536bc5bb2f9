// SPDX-License-Identifier: Apache-2.0
// Whole feeds: good ones, and one for each way to break one.
import { city, erase, keyEntry, moved, put, withdraw } from './entries.mjs';
import { absentOf, putEntry } from './frames.mjs';
import { IDENTITY } from './notes.mjs';
import {
  block, cat, checkpointText, frameBody, frameOf, FrameWriter, H, header, hex, keyChange, keySet, leaf, len, manifest, note, num,
  ORIGIN, payload, predecessor, proofOf, range, records, rootOf, seeded, segment, Signer, sigline, successor, tileFiles, TIME, uuid,
} from './writer.mjs';
import { deflate } from './deflate.mjs';

const A = new Signer('a'), B = new Signer('b'), C = new Signer('c'), STRANGER = new Signer('stranger');
const plain = (h) => ({ header: header(h), payload: Buffer.alloc(0) });
const keyOf = (signer, set = {}, more = {}) => plain(keyEntry({ key: keySet({ key: signer.typed, ...set }), ...more }));
const whole = (entry) => cat(entry.absent ? entry.commitment : H(entry.payload), entry.header);
const withdrawn = (n) => plain(withdraw({ id: uuid(n) }));
const profile = (n = 100) => putEntry(n, records.profile('Kitakyushu'), { kind: 16 });
const network = seeded('network 0', 16);
const shared = (n) => {
  const content = payload(seeded(`salt ${n}`, 16), city(`City ${n}`), 256);
  return { header: header(put({ id: uuid(n), audience: 1, networks: [network], payloadBytes: content.length, kind: 0 })), payload: content };
};

/** Files of a feed. publishes: [{entries, newSegment, newBlock}], a frame each; keys: those that sign the checkpoint;
 * changes: [{index, old, key}]; beyond: how many publishes the checkpoint does not cover yet. */
function build({ publishes, keys = [A], origin = ORIGIN, changes = [], beyond = 0, manifestBeyond = beyond, size }) {
  const files = {}, segments = [], all = [];
  let writer = null, current = null;
  publishes.forEach(({ entries, newSegment, newBlock }, i) => {
    if (!writer || newSegment) {
      if (current) current.sealed = true;
      writer = new FrameWriter();
      current = { first: all.length, entries: 0, size: 0, generation: 0xfeed000000000000n + BigInt(segments.length + 1), blocks: [], sealed: false, writer };
      segments.push(current);
    }
    const listed = i < publishes.length - manifestBeyond;
    const before = writer.size;
    const { continues } = writer.put(all.length, entries, newBlock);
    if (listed && !continues) current.blocks.push(block(current.entries, before));
    all.push(...entries);
    if (listed) {
      current.entries += entries.length;
      current.size = writer.size;
    }
  });
  const covered = size ?? all.length - publishes.slice(publishes.length - beyond).reduce((sum, { entries }) => sum + entries.length, 0);
  const tree = all.slice(0, covered).map(whole), leaves = tree.map(leaf), root = rootOf(leaves);
  for (const one of segments) files[`hanse/public/${one.first}-${one.generation.toString(16).padStart(16, '0')}`] = one.writer.bytes;
  files['hanse/manifest'] = manifest(...segments.filter((one) => one.entries).map(segment));
  changes.forEach(({ index, old, key }, i) => {
    const upTo = leaves.slice(0, index + 1);
    const signers = old === key ? [key] : [old, key];
    files[`hanse/key/${i + 1}`] = keyChange({
      index, entry: tree[index], checkpoint: note(checkpointText(index + 1, rootOf(upTo), origin), ...signers), proof: proofOf(index, upTo),
    });
  });
  Object.assign(files, tileFiles(tree));
  const text = checkpointText(covered, root, origin);
  files.checkpoint = note(text, ...keys);
  return { files, root, size: covered, tree, leaves, text, segments };
}

const COUNTS = { payloads: 0, withheld: 0, erased: 0, invalid: 0, unknown: 0 };

export function feeds() {
  const list = [];
  const add = (name, about, files, key, expect, more = {}) => list.push({ name, about, key: key.vkey, files, expect, ...more });
  const good = (name, about, feed, counts, { key = A, result = 'ok', rule = '', ...more } = {}) => {
    add(name, about, feed.files, key, {
      result, rule, size: feed.size, root: feed.root.toString('base64'), entries: feed.size, ...COUNTS, ...counts,
    }, more);
    return feed;
  };
  /** The feed `base` with some files replaced (null: removed). */
  const patched = (name, about, base, files, result, rule, { key = A, counts, ...more } = {}) =>
    add(name, about, files, key, { result, rule, ...counts }, { base, ...more });

  // Good feeds.
  const revised = putEntry(101, city('City 101, revised'));
  const plainPublishes = [
    { entries: [keyOf(A), profile()] },
    { entries: [putEntry(101), putEntry(102), putEntry(103, records.organisation('Agency'), { kind: 18 })] },
    { entries: [withdrawn(102), revised] },
  ];
  const base = good('plain', 'three publishes in one live segment', build({ publishes: plainPublishes }), { payloads: 5 });
  const mirror = build({ publishes: [{ entries: plainPublishes.flatMap(({ entries }) => entries) }] });
  good('plain in one frame', 'a mirror may frame as it likes', mirror, { payloads: 5 });
  good('empty', 'a feed without entries', build({ publishes: [] }), {});
  const rotation = [
    { entries: [keyOf(A), profile()] }, { entries: [putEntry(101), keyOf(B)] }, { entries: [putEntry(102)] },
    { entries: [keyOf(C)] }, { entries: [withdrawn(101)] },
  ];
  const changes = [{ index: 3, old: A, key: B }, { index: 5, old: B, key: C }];
  const rotated = good('rotation', 'two new keys; the first is known', build({ publishes: rotation, keys: [C], changes }), { payloads: 3 });
  const rotatedCounts = { size: 7, root: rotated.root.toString('base64'), entries: 7, ...COUNTS, payloads: 3 };
  patched('rotation, second key known', 'the chain starts in the middle', 'rotation', {}, 'ok', '', { key: B, counts: rotatedCounts });
  patched('rotation, newest key known', 'no chain is needed', 'rotation', {}, 'ok', '', { key: C, counts: rotatedCounts });
  const turning = good('rotation, last publish', 'the checkpoint of size index + 1 has both signatures',
    build({ publishes: rotation.slice(0, 2), keys: [A, B], changes: changes.slice(0, 1) }), { payloads: 2 });
  good('key kept', 'a KEY entry that changes the transport key only', build({
    publishes: [{ entries: [keyOf(A)] }, { entries: [keyOf(A, { transport: new Signer('t').public })] }, { entries: [profile()] }],
    changes: [{ index: 1, old: A, key: A }],
  }), { payloads: 1 });
  const next = new Signer('next', 'new.example/hanse');
  const leaving = good('moved', 'ends with a SUCCESSOR entry', build({
    publishes: [{ entries: [keyOf(A), profile()] }, { entries: [plain(moved({ successor: successor(next.name, next.typed) }))] }],
  }), { payloads: 1 });
  const arrive = (size, root, origin = ORIGIN) => build({
    origin: next.name, keys: [next],
    publishes: [{ entries: [keyOf(next, { predecessor: predecessor(origin, size, root) }), profile(), putEntry(101)] }],
  });
  const arrived = { key: next, predecessor: 'moved' };
  good('successor', 'continues "moved"', arrive(3, leaving.root), { payloads: 2 }, { ...arrived, linked: true });
  good('successor with another root', 'the feeds are not linked', arrive(3, H('x')), { payloads: 2 }, { ...arrived, linked: false });
  good('successor with another size', 'the feeds are not linked', arrive(2, leaving.root), { payloads: 2 }, { ...arrived, linked: false });
  good('successor of another feed', 'the feeds are not linked', arrive(3, leaving.root, 'city.example/other'), { payloads: 2 }, { ...arrived, linked: false });
  good('successor of a feed that has not moved', 'the feeds are not linked', arrive(7, base.root), { payloads: 2 }, { key: next, predecessor: 'plain', linked: false });
  const late = [{ entries: [plain(moved({ successor: successor(next.name, next.typed) }))] }, { entries: [putEntry(102), withdrawn(101), keyOf(B)] }];
  good('entries behind the successor', 'they are INVALID', build({ publishes: [{ entries: [keyOf(A), profile()] }, ...late] }),
    { payloads: 2, invalid: 3 }, { marks: [3, 4, 5].map((index) => ({ index, verdict: 'INVALID', rule: 'entry.after-successor' })) });
  const eraseOf = (...ranges) => plain(erase({ erased: ranges }));
  good('erased', 'an ERASE entry accounts for two dropped payloads', build({
    publishes: [{ entries: [keyOf(A), profile(), absentOf(putEntry(101)), withdrawn(101), absentOf(putEntry(102))] }, { entries: [eraseOf(range(2, 2), range(4, 1))] }],
  }), { payloads: 1, erased: 2 });
  good('erased and still there', 'a payload may be there until it is destroyed', build({
    publishes: [{ entries: [keyOf(A), profile(), putEntry(101)] }, { entries: [eraseOf(range(2, 1))] }],
  }), { payloads: 2 });
  good('network', 'payloads of a network are withheld', build({ publishes: [{ entries: [keyOf(A), profile(), absentOf(shared(101)), absentOf(shared(102))] }] }),
    { payloads: 1, withheld: 2 });
  good('incomplete', 'nothing accounts for an absent payload', build({ publishes: [{ entries: [keyOf(A), profile(), absentOf(putEntry(101)), absentOf(putEntry(102)), eraseOf(range(3, 1))] }] }),
    { payloads: 1, erased: 1 }, { result: 'incomplete', rule: 'feed.incomplete', missing: [2] });
  const invalidErase = plain(erase({ erased: [range(2, 5)] }));
  good('erased by an INVALID entry', 'an INVALID ERASE accounts for nothing', build({ publishes: [{ entries: [keyOf(A), profile(), absentOf(putEntry(101)), invalidErase] }] }),
    { payloads: 1, invalid: 1 }, { result: 'incomplete', rule: 'feed.incomplete', missing: [2], marks: [{ index: 3, verdict: 'INVALID', rule: 'header.erased' }] });
  const wrongBody = putEntry(105, records.organisation('Agency'));
  const marked = [
    keyOf(A), profile(), plain(put({ operation: 6 })), { ...putEntry(102), header: header(put({ id: uuid(102), kind: 5000000, payloadBytes: putEntry(102).payload.length })) },
    plain(withdraw({ published: 5 })), { header: cat(header(withdraw()), num(1, 1)), payload: Buffer.alloc(0) }, wrongBody,
    absentOf({ ...putEntry(106), header: header(put({ id: Buffer.alloc(16), payloadBytes: 100 })) }),
    { header: Buffer.from('ffffffffff', 'hex'), payload: seeded('odd', 40) }, { header: cat(header(withdraw()), len(13, Buffer.alloc(1100))), payload: Buffer.alloc(0) },
    { ...plain(withdraw()), absent: true, commitment: H('x') }, putEntry(101), keyOf({ typed: cat([1], IDENTITY) }),
    absentOf({ ...putEntry(107), header: header(put({ id: uuid(107), audience: 9, payloadBytes: 100 })) }),
  ];
  const marks = [[2, 'UNKNOWN', 'unknown.operation'], [3, 'UNKNOWN', 'unknown.kind'], [4, 'INVALID', 'header.time'], [5, 'INVALID', 'canonical.order'],
    [6, 'INVALID', 'record.kind'], [7, 'INVALID', 'header.record-id'], [8, 'INVALID', 'canonical.truncated'], [9, 'INVALID', 'entry.size'],
    [10, 'INVALID', 'entry.commitment'], [12, 'INVALID', 'key.small-order'], [13, 'UNKNOWN', 'unknown.audience']];
  good('marked', 'INVALID and UNKNOWN entries are kept and have no effect', build({ publishes: [{ entries: marked }] }),
    { payloads: 5, invalid: 8, unknown: 3 }, { marks: marks.map(([index, verdict, rule]) => ({ index, verdict, rule })) });
  good('first entry is no KEY entry', 'it is INVALID and the known key stays', build({ publishes: [{ entries: [profile()] }, { entries: [putEntry(101)] }] }),
    { payloads: 2, invalid: 1 }, { marks: [{ index: 0, verdict: 'INVALID', rule: 'entry.first' }] });
  const many = Array.from({ length: 262 }, (_, i) => (i === 0 ? keyOf(A) : i % 2 ? putEntry(1000 + i, len(17, len(2, 'JP'))) : withdrawn(999 + i)));
  good('large', 'full tiles, two sealed segments with blocks, a live one', build({
    publishes: [
      { entries: many.slice(0, 100) }, { entries: many.slice(100, 150), newBlock: true }, { entries: many.slice(150, 180) },
      { entries: many.slice(180, 255), newSegment: true }, { entries: many.slice(255, 258), newSegment: true }, { entries: many.slice(258, 261) },
      { entries: many.slice(261), newBlock: true },
    ],
  }), { payloads: 131 });
  const growing = build({ publishes: [...plainPublishes, { entries: [putEntry(104)] }], beyond: 1 });
  const live = Object.keys(base.files).find((path) => path.startsWith('hanse/public/'));
  growing.files[live] = cat(growing.files[live], Buffer.from([0xf1, 0x01, 0x08]));
  good('live segment beyond the checkpoint', 'whole and cut off frames behind the size are ignored', growing, { payloads: 5 });
  good('manifest beyond the checkpoint', 'a crash left a newer manifest', build({ publishes: [...plainPublishes, { entries: [putEntry(104)] }], beyond: 1, manifestBeyond: 0 }), { payloads: 5 });
  good('frame over the checkpoint', 'entries beyond the size are discarded', build({ publishes: [...plainPublishes.slice(0, 2), { entries: [withdrawn(102), revised, putEntry(104)] }], size: 7 }), { payloads: 5 });
  const counts = { size: 7, root: base.root.toString('base64'), entries: 7, ...COUNTS, payloads: 5 };
  const text = base.text;
  const witness = new Signer('witness', 'witness.example/w', 4);
  patched('plain with cosignatures', 'signatures of unknown keys are ignored', 'plain',
    { checkpoint: cat(note(text, A, STRANGER), witness.cosign(text, TIME), sigline('w.example/w', seeded('id', 4), seeded('sig', 7))) }, 'ok', '', { counts });
  const older = tileFiles(base.tree.slice(0, 5));
  patched('plain with other tiles', 'partial tiles of smaller sizes and tiles of a crash are ignored', 'plain',
    { 'tile/0/000.p/5': older['tile/0/000.p/5'], 'tile/0/000.p/8': Buffer.alloc(256, 1), 'hanse/key/1': rotated.files['hanse/key/1'] }, 'ok', '', { counts });

  patched('key change beyond the checkpoint', 'a crash left a newer key change', 'rotation, last publish',
    { 'hanse/key/2': rotated.files['hanse/key/2'] }, 'ok', '', { counts: { size: 4, root: turning.root.toString('base64'), entries: 4, ...COUNTS, payloads: 2 } });

  // Checkpoints that are refused.
  const checkpoint = (name, about, bytes, rule) => patched(name, about, 'plain', { checkpoint: bytes }, 'bad-signature', rule);
  const lie = (change) => { const changed = change(text.split('\n')); return note(changed.join('\n'), A); };
  checkpoint('wrong origin', 'signed by the right key', lie(([, size, root]) => ['city.example/other', size, root, '']), 'checkpoint.origin');
  checkpoint('wrong key', 'the line of the known key has a signature of another', cat(text, '\n', sigline(A.name, A.id, STRANGER.sign(text))), 'note.wrong');
  checkpoint('unknown key', 'signed by a stranger alone', note(text, STRANGER), 'note.unknown');
  checkpoint('signature twice', 'a known signature occurs twice', note(text, A, A), 'note.twice');
  checkpoint('text changed', 'the signature is of another text', cat(text.replace('\n7\n', '\n6\n'), '\n', A.line(text)), 'note.wrong');
  checkpoint('extension line', 'four lines', note(`${text}more\n`, A), 'checkpoint.form');
  checkpoint('size with a leading zero', '', note(text.replace('\n7\n', '\n07\n'), A), 'checkpoint.form');
  checkpoint('checkpoint cut off', '', base.files.checkpoint.subarray(0, -1), 'note.line');
  checkpoint('checkpoint of zeros', '', Buffer.alloc(64), 'note.control');
  const forged = sigline(ORIGIN, H(ORIGIN, '\n', [1], IDENTITY).subarray(0, 4), cat(IDENTITY, Buffer.alloc(32)));
  const weak = build({ publishes: [...plainPublishes, { entries: [keyOf({ typed: cat([1], IDENTITY) })] }] });
  patched('small-order key in the chain', 'a KEY entry names the identity, with which anything seems signed', 'plain', {
    ...weak.files, checkpoint: cat(weak.text, '\n', forged),
    'hanse/key/1': keyChange({ index: 7, entry: weak.tree[7], checkpoint: cat(note(weak.text, A), forged), proof: proofOf(7, weak.leaves) }),
  }, 'bad-signature', 'chain.entry');
  patched('no checkpoint', '', 'plain', { checkpoint: null }, 'unreachable', 'feed.checkpoint');

  // Keys.
  patched('retired key signs', 'the known key was replaced', 'rotation', { checkpoint: note(rotated.text, A) }, 'bad-signature', 'feed.newest-key');
  patched('retired key signs, known newest', 'the known key did not sign', 'rotation', { checkpoint: note(rotated.text, B) }, 'bad-signature', 'note.unknown', { key: C });
  patched('old key alone at a change', 'both must sign at size index + 1', 'rotation, last publish', { checkpoint: note(turning.text, A) }, 'bad-signature', 'feed.newest-key');
  patched('new key alone at a change', 'both must sign at size index + 1', 'rotation, last publish', { checkpoint: note(turning.text, B) }, 'bad-signature', 'feed.newest-key');
  patched('chain has a gap', 'the second link is not signed by the first key', 'rotation', { 'hanse/key/1': rotated.files['hanse/key/2'], 'hanse/key/2': null }, 'bad-signature', 'note.unknown');
  patched('chain missing', 'nothing leads to the key that signed', 'rotation', { 'hanse/key/1': null }, 'bad-signature', 'note.unknown');
  patched('chain missing, newest key known', 'a key change is missing', 'rotation', { 'hanse/key/1': null }, 'truncated', 'feed.key-missing', { key: C });
  patched('chain broken', 'a link does not decode', 'rotation', { 'hanse/key/2': rotated.files['hanse/key/2'].subarray(1) }, 'bad-signature', 'canonical.number');
  const otherLeaves = [...rotated.leaves.slice(0, 2), H('other'), rotated.leaves[3]];
  patched('key change of another tree', 'both keys signed, but another tree', 'rotation', {
    'hanse/key/1': keyChange({ index: 3, entry: rotated.tree[3], checkpoint: note(checkpointText(4, rootOf(otherLeaves)), A, B), proof: proofOf(3, otherLeaves) }),
  }, 'mismatch', 'feed.key-differs');

  // Sizes, roots, entries.
  const signedAs = (size, root) => ({ checkpoint: note(checkpointText(size, root), A) });
  patched('size too large', 'the source ends before it', 'plain', signedAs(8, base.root), 'truncated', 'feed.truncated');
  patched('size too small', 'the root is that of another size', 'plain', signedAs(6, base.root), 'mismatch', 'feed.root');
  patched('other root', '', 'plain', signedAs(7, H('x')), 'mismatch', 'feed.root');
  patched('size 0 with entries', 'the empty tree has one root', 'plain', signedAs(0, base.root), 'mismatch', 'feed.root');
  const reframed = (name, about, publishes, result, rule, more = {}) => {
    const other = build({ publishes, ...more });
    patched(name, about, 'plain', { [live]: other.files[live], 'hanse/manifest': other.files['hanse/manifest'] }, result, rule);
  };
  const replace = (index, entry) => {
    let at = 0;
    return plainPublishes.map(({ entries }) => ({ entries: entries.map((one) => (at++ === index ? entry : one)) }));
  };
  reframed('payload changed', 'it does not hash to the commitment in the tree', replace(2, { ...putEntry(101), payload: putEntry(101, city('Xity 101')).payload }), 'mismatch', 'feed.root');
  reframed('salt changed', '', replace(2, { ...putEntry(101), payload: cat(seeded('other', 16), putEntry(101).payload.subarray(16)) }), 'mismatch', 'feed.root');
  reframed('header changed', '', replace(5, withdrawn(103)), 'mismatch', 'feed.root');
  reframed('entry swapped', 'two entries change places', plainPublishes.map(({ entries }, i) => ({ entries: i === 1 ? [entries[1], entries[0], entries[2]] : entries })), 'mismatch', 'feed.root');
  reframed('commitment of an absent entry changed', '', replace(2, { ...absentOf(putEntry(101)), commitment: H('x') }), 'mismatch', 'feed.root');
  reframed('payload dropped', 'authentic, but nothing accounts for it', replace(2, absentOf(putEntry(101))), 'incomplete', 'feed.incomplete');
  reframed('last publish withheld', 'the source ends before the size', plainPublishes.slice(0, 2), 'truncated', 'feed.truncated');

  // Segments and manifest.
  const frames = base.segments[0].writer.parts;
  const file = base.files[live];
  const withSegment = (name, about, bytes, result, rule, more = {}) => patched(name, about, 'plain', { [live]: bytes, ...more }, result, rule);
  const changed = (at, mask = 1) => { const out = Buffer.from(file); out[at < 0 ? file.length + at : at] ^= mask; return out; };
  const shifted = (() => {
    const parts = frameBody(plainPublishes[2].entries);
    return frameOf({ flags: 0, first: 6, entries: 2, ...parts, deflated: deflate(parts.body) });
  })();
  withSegment('gap of an index', 'the last frame starts at 6, not 5', cat(frames[0], frames[1], shifted), 'mismatch', 'segment.index');
  withSegment('frame twice', '', cat(frames[0], frames[0], frames[1], frames[2]), 'mismatch', 'segment.index');
  withSegment('frame missing', 'the frame behind it has another index', cat(frames[0], shifted), 'mismatch', 'segment.index');
  withSegment('bit of a frame flipped', '', changed(-30), 'mismatch', 'frame.check');
  withSegment('noise between frames', '', cat(frames[0], [0], frames[1], frames[2]), 'mismatch', 'frame.magic');
  withSegment('segment cut off', '', file.subarray(0, -1), 'truncated', 'feed.truncated');
  withSegment('segment empty', '', Buffer.alloc(0), 'truncated', 'feed.truncated');
  withSegment('segment missing', '', null, 'truncated', 'feed.segment');
  withSegment('first frame continues', '', cat(frameOf({ flags: 1, first: 0, entries: 2, ...frameBody(plainPublishes[0].entries), deflated: deflate(frameBody(plainPublishes[0].entries).body) }), frames[1], frames[2]), 'mismatch', 'frame.continues');
  const withManifest = (name, about, bytes, result, rule) => patched(name, about, 'plain', { 'hanse/manifest': bytes }, result, rule);
  const only = base.segments[0];
  const listed = (more) => manifest(segment({ ...only, ...more }));
  withManifest('manifest missing', '', null, 'truncated', 'feed.manifest');
  withManifest('manifest not canonical', '', cat(base.files['hanse/manifest'], num(1, 1)), 'mismatch', 'canonical.order');
  withManifest('manifest without segments', '', manifest(), 'truncated', 'feed.truncated');
  withManifest('manifest lists a block that is none', 'a frame that continues', listed({ blocks: [block(0, 0), block(2, frames[0].length)] }), 'mismatch', 'segment.blocks');
  const twoBlocks = build({ publishes: plainPublishes.map((publish, i) => ({ ...publish, newBlock: i === 2 })) });
  patched('manifest omits a block', '', 'plain', {
    [live]: twoBlocks.files[live], 'hanse/manifest': manifest(segment({ ...twoBlocks.segments[0], blocks: [block(0, 0)] })),
  }, 'mismatch', 'segment.blocks');
  withManifest('manifest counts too many bytes', 'they end in no frame', listed({ size: only.size - 1 }), 'mismatch', 'segment.end');
  withManifest('manifest counts too many entries', '', listed({ entries: 8 }), 'mismatch', 'segment.end');
  withManifest('sealed segment with more bytes', '', listed({ sealed: true, entries: 5, size: frames[0].length + frames[1].length }), 'mismatch', 'segment.end');

  // Tiles and bundles.
  const withTile = (name, path, bytes, rule) => patched(name, path, 'plain', { [path]: bytes }, bytes ? 'mismatch' : 'truncated', rule);
  const tile = Buffer.from(base.files['tile/0/000.p/7']), bundle = Buffer.from(base.files['tile/entries/000.p/7']);
  tile[100] ^= 1;
  bundle[100] ^= 1;
  withTile('tile differs', 'tile/0/000.p/7', tile, 'feed.tile-differs');
  withTile('tile cut off', 'tile/0/000.p/7', tile.subarray(0, 96), 'feed.tile-differs');
  withTile('tile missing', 'tile/0/000.p/7', null, 'feed.tile-missing');
  withTile('bundle differs', 'tile/entries/000.p/7', bundle, 'feed.bundle-differs');
  withTile('bundle with a byte more', 'tile/entries/000.p/7', cat(base.files['tile/entries/000.p/7'], [0]), 'feed.bundle-differs');
  withTile('bundle missing', 'tile/entries/000.p/7', null, 'feed.bundle-missing');
  patched('upper tile missing', 'tile/1/000.p/1', 'large', { 'tile/1/000.p/1': null }, 'truncated', 'feed.tile-missing');
  patched('upper tile differs', 'tile/1/000.p/1', 'large', { 'tile/1/000.p/1': H('x') }, 'mismatch', 'feed.tile-differs');
  patched('full tile missing', 'the partial one does not do', 'large', { 'tile/0/000': null, 'tile/0/000.p/255': Buffer.alloc(255 * 32) }, 'truncated', 'feed.tile-missing');
  return list.map(({ files, ...rest }) => ({ ...rest, files: Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes && hex(bytes)])) }));
}
