// SPDX-License-Identifier: Apache-2.0
// Checks a whole feed: checkpoint, keys, segments, entries, root, tiles (docs/protocol.md 2.4 to 5).
import { Failure, firstDifference, LIMITS, within } from './bytes.mjs';
import { ERASE, judgeEntry, KEY, PUBLIC, PUT, SUCCESSOR } from './entry.mjs';
import { FrameReader } from './frame.mjs';
import { bundlesOf, leafHash, rootFromProof, rootOf, tilesOf } from './merkle.mjs';
import { ED25519, formatVkey, makeKey, openNote, parseCheckpoint, parseNote, signersOf } from './note.mjs';
import { decodeKeyChange, decodeManifest, segmentPath } from './wire.mjs';

const CHECKPOINT = 'checkpoint', MANIFEST = 'hanse/manifest';
const keyOf = (origin, verifierKey) => makeKey(origin, ED25519, verifierKey.subarray(1));
const sameKey = (a, b) => a.publicKey.equals(b.publicKey);

function openCheckpoint(bytes, keys) {
  const note = openNote(bytes, keys);
  return { ...note, ...parseCheckpoint(note.text) };
}

/** The next link of hanse/key/<ordinal>: what it says, its own consistency checked, its signatures not yet. */
function readLink(bytes, origin) {
  const change = decodeKeyChange(bytes);
  const checkpoint = parseCheckpoint(parseNote(change.checkpoint).text);
  const fail = (rule, message) => { throw new Failure(`chain.${rule}`, message); };
  if (checkpoint.origin !== origin) fail('origin', `checkpoint is of "${checkpoint.origin}"`);
  if (checkpoint.size !== change.index + 1n) fail('size', `checkpoint has size ${checkpoint.size}, not ${change.index + 1n}`);
  if (change.entry.length < 32) fail('entry', 'entry is shorter than a commitment');
  const entry = { commitment: change.entry.subarray(0, 32), header: change.entry.subarray(32), payload: null };
  const { verdict, header, message } = judgeEntry(change.index, origin, entry);
  if (verdict !== 'VALID' || header.operation !== KEY) fail('entry', `entry is no valid KEY entry: ${message || 'another operation'}`);
  const root = rootFromProof(leafHash(change.entry), change.index, checkpoint.size, change.proof);
  if (!root.equals(checkpoint.root)) fail('proof', 'proof does not lead to the root');
  return { ...change, key: keyOf(origin, header.key.verifier_key) };
}

/** Walks the chain of key changes from `known`. */
export class KeyChain {
  constructor(origin, known) {
    Object.assign(this, { origin, key: known, joined: false, index: -1n });
  }
  /** Takes the next file; before the known key's first link files are passed over. */
  extend(bytes) {
    if (!this.joined) {
      const note = parseNote(decodeKeyChange(bytes).checkpoint);
      if (!signersOf(note, [this.key]).length) return;
    }
    const link = readLink(bytes, this.origin);
    if (link.index <= this.index) throw new Failure('chain.order', `index ${link.index} is not above ${this.index}`);
    const keys = sameKey(this.key, link.key) ? [this.key] : [this.key, link.key];
    const { signers } = openNote(link.checkpoint, keys);
    if (signers.length < keys.length) throw new Failure('chain.signature', 'old and new key have not both signed');
    Object.assign(this, { key: link.key, joined: true, index: link.index });
  }
}

const keyPath = (ordinal) => `hanse/key/${ordinal}`;

/** The checkpoint, and the known or a newer proven key that signed it. */
async function readCheckpoint(source, known) {
  const bytes = await source.get(CHECKPOINT, LIMITS.note);
  if (!bytes) throw new Failure('feed.checkpoint', 'there is no checkpoint', { object: CHECKPOINT, result: 'unreachable' });
  const note = within(CHECKPOINT, 'bad-signature', () => parseNote(bytes));
  const chain = new KeyChain(known.name, known);
  let signers = within(CHECKPOINT, 'bad-signature', () => signersOf(note, [chain.key]));
  for (let ordinal = 1; !signers.length && ordinal <= LIMITS.keyChain; ordinal++) {
    const link = await source.get(keyPath(ordinal), LIMITS.keyChange);
    if (!link) break;
    within(keyPath(ordinal), 'bad-signature', () => chain.extend(link));
    if (chain.joined) signers = within(CHECKPOINT, 'bad-signature', () => signersOf(note, [chain.key]));
  }
  return within(CHECKPOINT, 'bad-signature', () => {
    if (!signers.length) throw new Failure('note.unknown', 'no known key signed the checkpoint');
    const checkpoint = parseCheckpoint(note.text);
    if (checkpoint.origin !== known.name) throw new Failure('checkpoint.origin', `checkpoint is of "${checkpoint.origin}"`);
    return { ...checkpoint, bytes };
  });
}

/** Frames of one segment up to `size` entries of the feed, appended to `entries`. */
function readSegment(segment, bytes, size, entries) {
  const path = segmentPath(segment);
  const declared = Number(segment.bytes), declaredEnd = segment.first_index + segment.entries;
  const fail = (rule, message, offset) => { throw new Failure(`segment.${rule}`, message, { object: path, offset, result: 'mismatch' }); };
  const reader = new FrameReader(bytes);
  const blocks = segment.blocks.map((block) => `${block.entries_before}@${block.offset}`);
  let k = 0, next = segment.first_index;
  for (; next < size && !reader.done; ) {
    if (segment.sealed && next === declaredEnd) break;
    let frame;
    try {
      frame = reader.next();
    } catch (error) {
      if (error.rule === 'frame.truncated') return; // the caller sees what is missing
      throw error instanceof Failure ? error.in(path, 0, 'mismatch') : error;
    }
    if (frame.first !== next) fail('index', `frame starts at index ${frame.first}, not ${next}`, frame.offset);
    if (frame.offset < declared && !frame.continues && blocks[k++] !== `${next - segment.first_index}@${frame.offset}`) {
      fail('blocks', `manifest does not list the block of index ${next}`, frame.offset);
    }
    for (const { header, payload, commitment } of frame.entries) {
      if (next++ < size) entries.push({ header, payload, commitment });
    }
    if (frame.offset < declared && (frame.end > declared || next > declaredEnd)) {
      fail('end', 'frame reaches over what the manifest says', frame.offset);
    }
    if (frame.end === declared && next !== declaredEnd) fail('end', `${declared} bytes end at index ${next}, not ${declaredEnd}`, frame.end);
  }
  if (next <= size && reader.at >= declared && k < blocks.length) fail('blocks', 'manifest lists a block that is none', reader.at);
  if (segment.sealed && next === declaredEnd && !(reader.done && reader.at === declared)) {
    fail('end', `sealed segment does not end at ${declared} bytes`, reader.at);
  }
}

async function readEntries(source, size) {
  const bytes = await source.get(MANIFEST, LIMITS.manifest);
  if (!bytes) throw new Failure('feed.manifest', 'there is no manifest', { object: MANIFEST, result: 'truncated' });
  const manifest = within(MANIFEST, 'mismatch', () => decodeManifest(bytes));
  const entries = [];
  for (const segment of manifest.segments) {
    if (BigInt(entries.length) >= size || BigInt(entries.length) !== segment.first_index) break;
    const file = await source.get(segmentPath(segment), LIMITS.segment);
    if (!file) throw new Failure('feed.segment', 'there is no such segment', { object: segmentPath(segment), result: 'truncated' });
    readSegment(segment, file, size, entries);
  }
  if (BigInt(entries.length) < size) {
    throw new Failure('feed.truncated', `source ends after ${entries.length} of ${size} entries`, { object: MANIFEST, result: 'truncated' });
  }
  return { entries, manifest };
}

/** Verdicts of all entries; what they say of keys, erasures and the successor. */
function judgeEntries(entries, origin, known) {
  const found = { judged: [], keys: [], erased: [], successor: null };
  entries.forEach((entry, i) => {
    const judged = judgeEntry(BigInt(i), origin, entry, found.successor !== null);
    found.judged.push(judged);
    if (judged.verdict !== 'VALID') return;
    const { header } = judged;
    if (header.operation === KEY) found.keys.push({ index: i, key: keyOf(origin, header.key.verifier_key), keySet: header.key });
    if (header.operation === ERASE) found.erased.push(...header.erased);
    if (header.operation === SUCCESSOR) found.successor = { index: i, ...header.successor };
  });
  const newest = found.keys.at(-1);
  found.required = newest ? [newest.key] : [known];
  if (newest && newest.index > 0 && newest.index === entries.length - 1) found.required.push(found.keys.at(-2)?.key ?? known);
  return found;
}

function checkNewestKey(checkpoint, required) {
  within(CHECKPOINT, 'bad-signature', () => {
    const note = parseNote(checkpoint.bytes);
    for (const key of required) {
      if (!signersOf(note, [key]).length) throw new Failure('feed.newest-key', `key "${formatVkey(key)}" must have signed`);
    }
  });
}

/** hanse/key/<ordinal> for each valid KEY entry but entry 0. */
async function checkKeyFiles(source, origin, known, keys, entries, leaves) {
  let old = keys[0]?.index === 0 ? keys[0].key : known;
  for (const [i, { index, key }] of keys.filter((named) => named.index > 0).entries()) {
    const path = keyPath(i + 1);
    const bytes = await source.get(path, LIMITS.keyChange);
    if (!bytes) throw new Failure('feed.key-missing', `there is no key change of entry ${index}`, { object: path, result: 'truncated' });
    const fail = (rule, message) => { throw new Failure(rule, message); };
    within(path, 'mismatch', () => {
      const chain = new KeyChain(origin, old);
      chain.joined = true;
      chain.extend(bytes);
      const change = decodeKeyChange(bytes);
      const entry = Buffer.concat([entries[index].commitment, entries[index].header]);
      if (change.index !== BigInt(index) || !change.entry.equals(entry)) fail('feed.key-differs', `key change is not that of entry ${index}`);
      const { root } = parseCheckpoint(parseNote(change.checkpoint).text);
      if (!root.equals(rootOf(leaves.slice(0, index + 1)))) fail('feed.key-differs', 'key change is of another tree');
    });
    old = key;
  }
}

/** What is odd about a file below tile/ that the tree does not have. Partial tiles of smaller sizes may stay (1.5), if they are its beginning. */
async function judgeOther(source, path, wanted) {
  const partial = /^(tile\/.+)\.p\/[0-9]+$/.exec(path);
  const tile = partial && [...wanted.keys()].find((other) => other === partial[1] || other.startsWith(`${partial[1]}.p/`));
  if (!tile) return `"${path}" is not part of the tree`;
  const stored = await source.get(path, 16 << 20);
  return wanted.get(tile).subarray(0, stored.length).equals(stored) ? null : `"${path}" is not part of the tree`;
}

/** Every tile and bundle of the tree; what is odd about other files below tile/ is returned as warnings. */
async function checkTiles(source, tiles) {
  const wanted = new Map(tiles.map(({ path, bytes }) => [path, bytes]));
  for (const [path, bytes] of wanted) {
    const kind = path.startsWith('tile/entries/') ? 'bundle' : 'tile';
    const stored = await source.get(path, 16 << 20);
    if (!stored) throw new Failure(`feed.${kind}-missing`, `${kind} is missing`, { object: path, result: 'truncated' });
    const offset = firstDifference(stored, bytes);
    if (offset >= 0) throw new Failure(`feed.${kind}-differs`, `${kind} differs from the entries`, { object: path, offset, result: 'mismatch' });
  }
  const others = (source.list() ?? []).filter((path) => path.startsWith('tile/') && !wanted.has(path));
  const warnings = [];
  for (const path of others) warnings.push(await judgeOther(source, path, wanted));
  return warnings.filter(Boolean);
}

/** Counts (payloads: those that are there and not empty), and the indices whose absence nothing accounts for. */
function account(entries, found, report) {
  const isErased = (i) => found.erased.some(({ first, count }) => BigInt(i) >= first && BigInt(i) < first + count);
  found.judged.forEach(({ verdict, rule, message, header }, i) => {
    const { payload } = entries[i];
    const isPut = header?.operation === PUT;
    if (verdict !== 'VALID') {
      report.marked.push({ index: i, verdict, rule, message });
      report[verdict.toLowerCase()]++;
    }
    if (payload?.length) report.payloads++;
    if (!isPut || verdict !== 'VALID') return;
    if (payload) {
      if (header.audience !== PUBLIC) report.warnings.push(`payload of entry ${i} is not for the public stream`);
    } else {
      if (isErased(i)) report.erased++;
      else if (header.audience !== PUBLIC) report.withheld++;
      else report.missing.push(i);
    }
  });
}

/** The link to the feed that this one continues, if both say so (2.7). */
export function isSuccessor(old, fresh) {
  const predecessor = fresh.found.keys[0]?.index === 0 ? fresh.found.keys[0].keySet.predecessor : null;
  const successor = old.found.successor;
  if (!predecessor || !successor) return false;
  const size = successor.index + 1;
  return successor.origin.toString() === fresh.report.feed && predecessor.origin.toString() === old.report.feed
    && keyOf(fresh.report.feed, successor.verifier_key).publicKey.equals(fresh.found.keys[0].key.publicKey)
    && predecessor.size === BigInt(size) && predecessor.root.equals(rootOf(old.leaves.slice(0, size)));
}

/** Verifies the feed of `known` (a key by parseVkey) in `source`. Never throws a Failure: it stands in the report.
 * @returns {report, found, leaves}; found and leaves only where the root matched. */
export async function verifyFeed(source, known) {
  const report = {
    feed: known.name, size: 0, root: '', entries: 0, payloads: 0, withheld: 0, erased: 0, invalid: 0, unknown: 0,
    result: 'ok', rule: '', message: '', missing: [], marked: [], warnings: [],
  };
  let found, leaves;
  try {
    const checkpoint = await readCheckpoint(source, known);
    report.size = Number(checkpoint.size);
    report.root = checkpoint.root.toString('base64');
    const { entries } = await readEntries(source, checkpoint.size);
    const whole = entries.map((entry) => Buffer.concat([entry.commitment, entry.header]));
    const hashes = whole.map((entry) => leafHash(entry));
    if (!rootOf(hashes).equals(checkpoint.root)) {
      throw new Failure('feed.root', 'entries do not hash to the signed root', { object: CHECKPOINT, result: 'mismatch' });
    }
    report.entries = entries.length;
    leaves = hashes;
    found = judgeEntries(entries, known.name, known);
    checkNewestKey(checkpoint, found.required);
    account(entries, found, report);
    await checkKeyFiles(source, known.name, known, found.keys, entries, leaves);
    report.warnings.push(...await checkTiles(source, [...tilesOf(leaves), ...bundlesOf(whole)]));
    if (report.missing.length) {
      throw new Failure('feed.incomplete', `payloads are missing of entries ${report.missing.slice(0, 10).join(', ')}`, { result: 'incomplete' });
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    Object.assign(report, { result: error.result || 'mismatch', rule: error.rule, message: error.toString() });
  }
  return { report, found, leaves };
}
