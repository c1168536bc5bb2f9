// SPDX-License-Identifier: Apache-2.0
// Record proofs (docs/protocol.md 2.8): one revision of a record, checked with a key alone.
import { base64, Cursor, decimal, Failure, LIMITS, sha256, utf8, within } from './bytes.mjs';
import { judgeEntry, PUT, WITHDRAW } from './entry.mjs';
import { KeyChain } from './feed.mjs';
import { leafHash, rootFromProof } from './merkle.mjs';
import { formatVkey, openNote, parseCheckpoint } from './note.mjs';

const fail = (rule, message) => { throw new Failure(`record-proof.${rule}`, message); };

/** Index, hashes, note and extra data of a text in the form of C2SP tlog-proof. */
function parseText(bytes) {
  if (bytes.length > LIMITS.recordProof) fail('size', `proof has ${bytes.length} bytes`);
  const end = bytes.indexOf('\n\n');
  const lines = end < 0 ? null : utf8(bytes.subarray(0, end))?.split('\n');
  if (lines?.[0] !== 'c2sp.org/tlog-proof@v1') fail('form', 'first line is not "c2sp.org/tlog-proof@v1", or no empty line follows');
  const extra = lines[1]?.startsWith('extra ') ? base64(lines[1].slice(6)) : null;
  if (!extra) fail('extra', 'there is no extra data');
  const index = lines[2]?.startsWith('index ') ? decimal(lines[2].slice(6)) : null;
  if (index === null) fail('form', 'there is no index');
  const hashes = lines.slice(3).map(base64);
  if (hashes.length > LIMITS.proof) fail('form', `proof has ${hashes.length} hashes`);
  if (hashes.some((hash) => hash?.length !== 32)) fail('form', 'line is no hash');
  return { extra, index, hashes, note: bytes.subarray(end + 2) };
}

/** Revision, entry, payload (null if it is not there) and key changes of the extra data. */
function parseExtra(extra) {
  const end = extra.length - 8;
  if (end < 1 || extra[0] !== 0xf2) fail('extra', 'extra data is not that of a record');
  if (!sha256(extra.subarray(0, end)).subarray(0, 8).equals(extra.subarray(end))) fail('check', 'extra data is damaged');
  const cursor = new Cursor(extra.subarray(1, end), 'record-proof', 1);
  const part = (most) => {
    const size = cursor.varint();
    if (size > BigInt(most)) cursor.fail('size', `part has ${size} bytes`);
    return cursor.take(Number(size), 'part');
  };
  const revision = cursor.varint();
  const entry = part(LIMITS.entryAccept), payload = part(LIMITS.payload);
  const count = cursor.varint();
  if (count > BigInt(LIMITS.keyChain)) cursor.fail('size', `${count} key changes`);
  const changes = Array.from({ length: Number(count) }, () => part(LIMITS.keyChange));
  if (cursor.left || revision === 0n) cursor.fail('extra', 'something follows the last part, or there is no revision');
  if (entry.length < 32) fail('extra', 'entry is shorter than a commitment');
  return { revision, entry, payload: payload.length ? payload : null, changes };
}

function openCheckpoint(bytes, known, changes) {
  const chain = new KeyChain(known.name, known);
  let previous = known;
  changes.forEach((change, i) => {
    previous = chain.key;
    within(`key change ${i + 1}`, '', () => chain.extend(change));
  });
  const note = openNote(bytes, [chain.key]);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== known.name) throw new Failure('checkpoint.origin', `checkpoint is of "${checkpoint.origin}"`);
  if (chain.index >= checkpoint.size) fail('keys', 'a key change lies beyond the checkpoint');
  const turning = chain.joined && chain.index + 1n === checkpoint.size;
  if (turning && openNote(bytes, [previous, chain.key]).signers.length < 2 && !previous.publicKey.equals(chain.key.publicKey)) {
    fail('keys', 'old and new key have not both signed');
  }
  return { ...checkpoint, key: chain.key };
}

/** What the bytes prove to who knows `known`, a key of the feed. Throws a Failure if they prove nothing. */
export function checkRecordProof(bytes, known) {
  const { extra, index, hashes, note } = parseText(bytes);
  const { revision, entry, payload, changes } = parseExtra(extra);
  const checkpoint = openCheckpoint(note, known, changes);
  const root = rootFromProof(leafHash(entry), index, checkpoint.size, hashes);
  if (!root.equals(checkpoint.root)) fail('root', 'entry and hashes do not lead to the root');
  const commitment = entry.subarray(0, 32);
  if (payload && !sha256(payload).equals(commitment)) fail('commitment', 'payload does not hash to the commitment');
  const judged = judgeEntry(index, known.name, { commitment, header: entry.subarray(32), payload });
  if (judged.verdict !== 'VALID') throw new Failure(judged.rule, `entry has no effect: ${judged.message}`);
  const { operation, record_id: id } = judged.header;
  if (operation !== PUT && operation !== WITHDRAW) fail('operation', 'entry is no revision of a record');
  const hex = id.toString('hex');
  return {
    feed: known.name, id: `hanse:${known.name}/${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5')}`, index, revision,
    withdrawn: operation === WITHDRAW, published: judged.header.published_unix_s, record: judged.record,
    size: checkpoint.size, root: checkpoint.root, key: formatVkey(checkpoint.key),
  };
}
