// SPDX-License-Identifier: Apache-2.0
// The canonical form of EntryHeader, Manifest and KeyChange (docs/protocol.md 2.1), driven by small tables.
import { Cursor, EMPTY, Failure, LIMITS } from './bytes.mjs';

const field = (name, type, more = {}) => ({ name, type, ...more });
const RANGE = { 1: field('first', 'u64'), 2: field('count', 'u64') };
const PREDECESSOR = { 1: field('origin', 'bytes'), 2: field('size', 'u64'), 3: field('root', 'bytes') };
const SUCCESSOR = { 1: field('origin', 'bytes'), 2: field('verifier_key', 'bytes') };
const KEY_SET = {
  1: field('verifier_key', 'bytes'), 2: field('transport_key', 'bytes'), 3: field('encryption_key', 'bytes'),
  4: field('recovery_keys', 'bytes', { repeated: true, sorted: true }), 5: field('recovery_threshold', 'u32'),
  6: field('predecessor', 'message', { schema: PREDECESSOR }),
};
export const ENTRY_HEADER = {
  1: field('operation', 'u32'), 2: field('record_id', 'bytes'), 3: field('audience', 'u32'),
  4: field('network_ids', 'bytes', { repeated: true, sorted: true }), 5: field('published_unix_s', 'u64'),
  6: field('payload_bytes', 'u32'), 7: field('kind', 'u32'), 8: field('reason', 'u32'),
  9: field('erased', 'message', { repeated: true, sorted: true, schema: RANGE }), 10: field('erase_by_unix_s', 'u64'),
  11: field('key', 'message', { schema: KEY_SET }), 12: field('successor', 'message', { schema: SUCCESSOR }),
};
const BLOCK = { 1: field('entries_before', 'u64'), 2: field('offset', 'u64') };
const SEGMENT = {
  1: field('first_index', 'u64'), 2: field('entries', 'u64'), 3: field('bytes', 'u64'), 4: field('generation', 'fixed64'),
  5: field('sealed', 'bool'), 6: field('blocks', 'message', { repeated: true, schema: BLOCK }),
};
const MANIFEST = { 1: field('version', 'u32'), 2: field('segments', 'message', { repeated: true, schema: SEGMENT }) };
const KEY_CHANGE = {
  1: field('index', 'u64'), 2: field('entry', 'bytes'), 3: field('checkpoint', 'bytes'),
  4: field('proof', 'bytes', { repeated: true }),
};

const WIRE_TYPE = { u32: 0, u64: 0, bool: 0, fixed64: 1, bytes: 2, message: 2 };
const MAX = { u32: (1n << 32n) - 1n, u64: (1n << 64n) - 1n, bool: 1n };

function readValue(cursor, wireType) {
  switch (wireType) {
    case 0: return cursor.varint();
    case 1: return cursor.take(8, 'fixed64').readBigUInt64LE(0);
    case 5: return BigInt(cursor.take(4, 'fixed32').readUInt32LE(0));
    default: {
      const length = cursor.varint();
      if (length > BigInt(cursor.left)) cursor.fail('truncated', 'field is longer than what holds it');
      return cursor.take(Number(length));
    }
  }
}

function convert(cursor, known, value, at) {
  if (known.type === 'bytes') return value;
  if (known.type === 'message') return decodeCanonical(value, known.schema, cursor.base + cursor.at - value.length);
  if (known.type === 'fixed64') return value;
  if (value > MAX[known.type]) cursor.fail('range', `field "${known.name}" is out of range`, at);
  return known.type === 'u64' ? value : Number(value);
}

const DEFAULT = { u32: 0, u64: 0n, bool: 0, fixed64: 0n, bytes: EMPTY, message: null };
function empty(schema) {
  const message = { unknown: 0 };
  for (const known of Object.values(schema)) {
    message[known.name] = known.repeated ? [] : DEFAULT[known.type];
  }
  return message;
}

/** A message as an object by field names; absent fields have their default. Throws canonical.* with the byte. */
export function decodeCanonical(bytes, schema, base = 0) {
  const cursor = new Cursor(bytes, 'canonical', base);
  const message = empty(schema);
  for (let last = 0; cursor.left;) {
    const at = cursor.at;
    const key = cursor.varint();
    const number = Number(key >> 3n), wireType = Number(key & 7n);
    if (number < 1 || number > 536870911) cursor.fail('number', `field number ${number} is out of range`, at);
    if (![0, 1, 2, 5].includes(wireType)) cursor.fail('wire-type', `wire type ${wireType} is not allowed`, at);
    const known = schema[number];
    if (number < last) cursor.fail('order', `field ${number} stands behind field ${last}`, at);
    if (number === last && known && !known.repeated) cursor.fail('repeated', `field "${known.name}" stands twice`, at);
    last = number;
    if (known && wireType !== WIRE_TYPE[known.type]) {
      cursor.fail('type', `field "${known.name}" has wire type ${wireType}`, at);
    }
    const value = readValue(cursor, wireType);
    if (!known) { // no effect, whatever it is
      message.unknown++;
      continue;
    }
    const isDefault = typeof value === 'bigint' ? value === 0n : value.length === 0;
    if (isDefault && !known.repeated) cursor.fail('default', `field "${known.name}" has its default value`, at);
    const converted = convert(cursor, known, value, at);
    message.unknown += converted?.unknown ?? 0;
    if (!known.repeated) {
      message[known.name] = converted;
      continue;
    }
    const before = message[known.name].at(-1);
    if (known.sorted && before !== undefined) {
      const ascends = known.type === 'bytes' ? Buffer.compare(before, converted) < 0 : before.first < converted.first;
      if (!ascends) cursor.fail('sorted', `elements of "${known.name}" do not ascend`, at);
    }
    message[known.name].push(converted);
  }
  return message;
}

/** Decoded manifest; its rules of 3.2 are checked. */
export function decodeManifest(bytes) {
  const fail = (rule, message) => { throw new Failure(`manifest.${rule}`, message); };
  if (bytes.length > LIMITS.manifest) fail('size', `manifest has ${bytes.length} bytes`);
  const manifest = decodeCanonical(bytes, MANIFEST);
  if (manifest.version !== 1) fail('version', `manifest has version ${manifest.version}`);
  let next = 0n;
  manifest.segments.forEach((segment, i) => {
    const name = `segment ${i}`;
    if (segment.first_index !== next) fail('gap', `${name} starts at index ${segment.first_index}, not ${next}`);
    if (segment.entries === 0n) fail('entries', `${name} has no entry`);
    next += segment.entries;
    if (next >= 1n << 63n) fail('entries', `${name} ends beyond 2^63`);
    if (segment.bytes === 0n || segment.bytes > BigInt(LIMITS.segment)) fail('bytes', `${name} has ${segment.bytes} bytes`);
    if (!segment.sealed && i + 1 < manifest.segments.length) fail('sealed', `${name} is not sealed and not the last`);
    const [first] = segment.blocks;
    if (!first || first.entries_before !== 0n || first.offset !== 0n) fail('blocks', `${name} has no block at 0`);
    segment.blocks.forEach((block, k) => {
      const before = segment.blocks[k - 1];
      if (before && (block.entries_before <= before.entries_before || block.offset <= before.offset)) {
        fail('blocks', `blocks of ${name} do not ascend`);
      }
      if (block.entries_before >= segment.entries || block.offset >= segment.bytes) fail('blocks', `block ${k} of ${name} lies outside`);
    });
  });
  return manifest;
}

export const segmentPath = (segment) =>
  `hanse/public/${segment.first_index}-${segment.generation.toString(16).padStart(16, '0')}`;

export function decodeKeyChange(bytes) {
  if (bytes.length > LIMITS.keyChange) throw new Failure('chain.size', `key change has ${bytes.length} bytes`);
  const change = decodeCanonical(bytes, KEY_CHANGE);
  if (change.index >= (1n << 63n) - 1n) throw new Failure('chain.index', 'index is not below 2^63 - 1');
  if (change.proof.length > LIMITS.proof) throw new Failure('chain.proof', `proof has ${change.proof.length} hashes`);
  return change;
}
