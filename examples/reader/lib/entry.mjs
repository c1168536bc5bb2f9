// SPDX-License-Identifier: Apache-2.0
// What an authentic entry means: VALID, INVALID or UNKNOWN (docs/protocol.md 2.2 to 2.4).
import { EMPTY, Failure, LIMITS, sha256, utf8 } from './bytes.mjs';
import { checkPublicKey } from './curve.mjs';
import { isOrigin } from './note.mjs';
import { checkRecord, isKnownKind } from './record.mjs';
import { decodeCanonical, ENTRY_HEADER } from './wire.mjs';

export const PUT = 1, WITHDRAW = 2, ERASE = 3, KEY = 4, SUCCESSOR = 5;
export const PUBLIC = 0, NETWORK = 1, PARTIES = 2;

// R required, O optional, - absent, A unless PUBLIC, P if PUBLIC; columns as in the document.
const PRESENCE = {
  record_id: 'RR---', audience: 'OO---', network_ids: 'AA---', published_unix_s: 'RRRRR', payload_bytes: 'R----',
  kind: 'P----', reason: '-RR--', erased: '--R--', erase_by_unix_s: '--R--', key: '---R-', successor: '----R',
};
const EARLIEST = 1577836800n, LATEST = 253402300799n;

const rule = (name, message) => new Failure(`header.${name}`, message);
const present = (value) => (typeof value === 'bigint' ? value !== 0n : Buffer.isBuffer(value) || Array.isArray(value)
  ? value.length > 0 : Boolean(value));

function checkPresence(header) {
  for (const [name, columns] of Object.entries(PRESENCE)) {
    let need = columns[header.operation - 1];
    if (need === 'A') need = header.audience === PUBLIC ? '-' : 'R';
    if (need === 'P') need = header.audience === PUBLIC ? 'R' : '-';
    if (need === 'R' && !present(header[name])) throw rule(`missing.${name}`, `field "${name}" is missing`);
    if (need === '-' && present(header[name])) throw rule(`present.${name}`, `field "${name}" must not be there`);
  }
}

function checkTime(name, time) {
  if (time < EARLIEST || time > LATEST) throw rule('time', `${name} ${time} is out of range`);
}

/** Type byte 0x01 and an acceptable public key. */
export function checkVerifierKey(bytes, name = 'verifier_key') {
  if (bytes.length !== 33 || bytes[0] !== 1) throw rule('key', `${name} is not 0x01 and 32 bytes`);
  checkPublicKey(bytes.subarray(1));
}

function originOf(bytes, name) {
  const text = utf8(bytes);
  if (text === null || !isOrigin(text)) throw rule('origin', `origin of ${name} breaks its grammar`);
  return text;
}

function checkKeySet(key, index) {
  checkVerifierKey(key.verifier_key);
  if (![0, 32].includes(key.transport_key.length)) throw rule('key', 'transport_key has not 32 bytes');
  if (key.transport_key.length) checkPublicKey(key.transport_key);
  if (key.encryption_key.length > 256) throw rule('key', 'encryption_key has more than 256 bytes');
  const count = key.recovery_keys.length;
  if (count > LIMITS.recoveryKeys) throw rule('recovery', `${count} recovery keys`);
  for (const recovery of key.recovery_keys) checkVerifierKey(recovery, 'recovery key');
  const threshold = key.recovery_threshold;
  if (threshold > count || (count > 0 && threshold === 0)) throw rule('recovery', `recovery_threshold is ${threshold} of ${count}`);
  if (!key.predecessor) return;
  if (index !== 0n) throw rule('predecessor', 'predecessor stands in an entry that is not the first');
  originOf(key.predecessor.origin, 'predecessor');
  if (key.predecessor.size < 1n || key.predecessor.size >= 1n << 63n) throw rule('predecessor', 'size of predecessor is out of range');
  if (key.predecessor.root.length !== 32) throw rule('predecessor', 'root of predecessor has not 32 bytes');
}

function checkErased(ranges, index) {
  if (ranges.length > LIMITS.eraseRanges) throw rule('erased', `${ranges.length} ranges`);
  let end = 0n;
  for (const { first, count } of ranges) {
    if (count < 1n) throw rule('erased', 'range is empty');
    if (first < end) throw rule('erased', 'ranges overlap');
    end = first + count;
    if (end > index) throw rule('erased', `range ends at ${end}, behind index ${index} of its entry`);
  }
}

/** The rules of 2.2 for the entry at `index` (BigInt). */
export function checkHeader(header, index, origin) {
  checkPresence(header);
  checkTime('published_unix_s', header.published_unix_s);
  if (header.operation === PUT || header.operation === WITHDRAW) {
    const id = header.record_id;
    if (id.length !== 16 || id[6] >> 4 !== 7 || id[8] >> 6 !== 2) throw rule('record-id', 'record_id is no UUIDv7');
    if (header.network_ids.length > LIMITS.networkIds) throw rule('network-ids', `${header.network_ids.length} network ids`);
    if (header.network_ids.some((network) => network.length !== 16)) throw rule('network-ids', 'network id has not 16 bytes');
  }
  if (header.operation === PUT) {
    const size = header.payload_bytes;
    if (size < 20 || size > LIMITS.payload) throw rule('payload-bytes', `payload_bytes is ${size}`);
    if (header.audience !== PUBLIC && size % 256) throw rule('payload-bytes', `payload_bytes ${size} is no multiple of 256`);
  }
  if (header.operation === ERASE) {
    checkErased(header.erased, index);
    checkTime('erase_by_unix_s', header.erase_by_unix_s);
  }
  if (header.operation === KEY) checkKeySet(header.key, index);
  if (header.operation === SUCCESSOR) {
    if (originOf(header.successor.origin, 'successor') === origin) throw rule('successor', 'successor is the feed itself');
    checkVerifierKey(header.successor.verifier_key);
  }
}

/** The record in a payload of audience PUBLIC or NETWORK. */
export function openPayload(payload, header) {
  const fail = (name, message, offset = -1) => { throw new Failure(`payload.${name}`, message, { offset }); };
  if (payload.length !== header.payload_bytes) fail('size', `payload has ${payload.length} bytes, not ${header.payload_bytes}`);
  const length = payload.readUInt32BE(16);
  if (length > LIMITS.record || 20 + length > payload.length) fail('length', `record has ${length} bytes`, 16);
  const unpadded = 20 + length;
  const whole = header.audience === PUBLIC ? unpadded : Math.ceil(unpadded / 256) * 256;
  if (payload.length !== whole) fail('padding', `payload has ${payload.length} bytes, not ${whole}`);
  const dirty = payload.subarray(unpadded).findIndex((byte) => byte !== 0);
  if (dirty >= 0) fail('padding', 'padding is not zero', unpadded + dirty);
  return payload.subarray(20, unpadded);
}

function judgePayload(payload, header) {
  const record = openPayload(payload, header);
  const body = checkRecord(record);
  if (header.audience === PUBLIC && body !== header.kind) {
    throw new Failure('record.kind', `record has body ${body}, its entry says kind ${header.kind}`);
  }
  return record;
}

const UNKNOWN = (name, message) => ({ verdict: 'UNKNOWN', rule: `unknown.${name}`, message });

/** @param entry {header, commitment, payload (null if absent)}; `ended`: a valid SUCCESSOR entry came before.
 * @returns {verdict, rule, message, header, record}; header is null where it cannot be decoded. */
export function judgeEntry(index, origin, entry, ended = false) {
  let header = null, record = null;
  const judge = () => {
    if (ended) throw new Failure('entry.after-successor', 'entry stands behind the SUCCESSOR entry');
    if (32 + entry.header.length > LIMITS.entryPublish) throw new Failure('entry.size', `entry has ${32 + entry.header.length} bytes`);
    header = decodeCanonical(entry.header, ENTRY_HEADER);
    if (header.operation === 0) throw rule('operation', 'operation is missing');
    if (index === 0n && header.operation !== KEY) throw new Failure('entry.first', 'first entry is no KEY entry');
    if (header.operation > SUCCESSOR) return UNKNOWN('operation', `operation ${header.operation}`);
    if (header.operation <= WITHDRAW && header.audience > PARTIES) return UNKNOWN('audience', `audience ${header.audience}`);
    checkHeader(header, index, origin);
    if (header.operation !== PUT) {
      if (!entry.commitment.equals(sha256(EMPTY))) throw new Failure('entry.commitment', 'commitment is not that of no payload');
      return { verdict: 'VALID' };
    }
    if (header.audience === PUBLIC && !isKnownKind(header.kind)) return UNKNOWN('kind', `kind ${header.kind}`);
    if (entry.payload && header.audience !== PARTIES) record = judgePayload(entry.payload, header);
    return { verdict: 'VALID' };
  };
  try {
    return { rule: '', message: '', ...judge(), header, record };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { verdict: 'INVALID', rule: error.rule, message: error.message, header, record: null };
  }
}
