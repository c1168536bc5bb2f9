// SPDX-License-Identifier: Apache-2.0
// Frames and the files they are joined in (docs/protocol.md 3.1 and 3.2).
import { inflateRawSync } from 'node:zlib';
import { Cursor, EMPTY, Failure, LIMITS, sha256 } from './bytes.mjs';

const MAX_HEADER = LIMITS.entryAccept - 32;

/** A header of this shape carries a record id, whose last ten bytes travel raw. */
const hasTail = (at0, at1, at2, at3, length) =>
  length >= 20 && at0 === 0x08 && at1 < 0x80 && at2 === 0x12 && at3 === 0x10;

/** payload_bytes of a header that may be malformed. */
export function peekPayloadBytes(header) {
  const cursor = new Cursor(header, 'peek');
  try {
    while (cursor.left) {
      const key = cursor.varint();
      const number = key >> 3n;
      if (number < 1n || number > 536870911n) return 0;
      switch (key & 7n) {
        case 0n: {
          const value = cursor.varint();
          if (number === 6n && value < 1n << 32n) return Number(value);
          break;
        }
        case 1n: cursor.take(8); break;
        case 5n: cursor.take(4); break;
        case 2n: {
          const length = cursor.varint();
          if (length > BigInt(cursor.left)) return 0;
          cursor.take(Number(length));
          break;
        }
        default: return 0;
      }
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return 0;
}

function readStart(cursor) {
  const at = cursor.at;
  if (cursor.take(1)[0] !== 0xf1) cursor.fail('magic', 'frame does not start with 0xf1', at);
  const flags = cursor.take(1)[0];
  if (flags > 1) cursor.fail('flags', `frame has flags ${flags}`, at + 1);
  const bounded = (name, low, high) => {
    const start = cursor.at;
    const value = cursor.varint();
    if (value < BigInt(low) || value > BigInt(high)) cursor.fail(name, `${name} of the frame is ${value}`, start);
    return value;
  };
  const first = bounded('first', 0, (1n << 63n) - 1n);
  const entries = Number(bounded('entries', 1, LIMITS.frameEntries));
  if (first + BigInt(entries) >= 1n << 63n) cursor.fail('first', 'frame ends beyond 2^63', at);
  const raw = Number(bounded('raw', 0, 26 * entries));
  const inflated = Number(bounded('inflated', 0, LIMITS.inflated));
  const deflated = Number(bounded('deflated', 1, inflated + LIMITS.deflateOverhead));
  return { continues: flags === 1, first, entries, raw, inflated, deflated };
}

function inflate(deflated, size, dictionary, fail) {
  let result;
  try {
    const options = { maxOutputLength: Math.max(size, 1), info: true };
    if (dictionary.length) options.dictionary = dictionary;
    result = inflateRawSync(deflated, options);
  } catch (error) {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') fail('size', `body inflates to more than ${size} bytes`);
    fail('deflate', `body cannot be inflated: ${error.message}`);
  }
  if (result.engine.bytesWritten !== deflated.length) fail('trailing', 'bytes follow the end of the deflated body');
  if (result.buffer.length !== size) fail('size', `body inflates to ${result.buffer.length} bytes, not ${size}`);
  return result.buffer;
}

/** Entries of a body: [{header, payload (null if absent), commitment}]. */
function readBody(body, raw, count) {
  const cursor = new Cursor(body, 'body'), side = new Cursor(raw, 'raw');
  const headers = [];
  for (let i = 0; i < count; i++) {
    const at = cursor.at;
    const length = Number(cursor.varint());
    if (length > MAX_HEADER) cursor.fail('header', `header has ${length} bytes`, at);
    const start = body.subarray(cursor.at, cursor.at + 4);
    if (length >= 20 && cursor.left < 4) cursor.fail('truncated', 'header is cut off');
    if (hasTail(start[0], start[1], start[2], start[3], length)) {
      headers.push(Buffer.concat([cursor.take(10, 'header'), side.take(10, 'tail'), cursor.take(length - 20, 'header')]));
    } else {
      headers.push(cursor.take(length, 'header'));
    }
  }
  const absentAt = cursor.at;
  const bits = cursor.take(Math.ceil(count / 8), 'absent bits');
  if (count % 8 && bits[bits.length - 1] >> count % 8) cursor.fail('spare', 'spare bits are not zero', absentAt + bits.length - 1);
  const isAbsent = (i) => (bits[i >> 3] >> (i & 7)) & 1;
  const payloads = headers.map((header, i) => (isAbsent(i) ? null : readPayload(cursor, side, header)));
  const commitments = headers.map((_, i) => (isAbsent(i) ? cursor.take(32, 'commitment') : sha256(payloads[i])));
  if (cursor.left) cursor.fail('trailing', `body has ${cursor.left} bytes too many`);
  if (side.left) side.fail('trailing', `raw part has ${side.left} bytes too many`);
  return headers.map((header, i) => ({ header, payload: payloads[i], commitment: commitments[i] }));
}

function readPayload(cursor, side, header) {
  const at = cursor.at;
  const token = cursor.varint();
  const size = token === 0n ? peekPayloadBytes(header) : Number(token - 1n);
  if (token === 0n && size < 20) cursor.fail('token', `token 0 where payload_bytes is ${size}`, at);
  if (size > LIMITS.payload) cursor.fail('token', `payload has ${size} bytes`, at);
  if (size < 16) return cursor.take(size, 'payload');
  if (token !== 0n) return Buffer.concat([side.take(16, 'salt'), cursor.take(size - 16, 'payload')]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(size - 20);
  return Buffer.concat([side.take(16, 'salt'), length, cursor.take(size - 20, 'payload')]);
}

/** Reads the frames of one file one after the other. */
export class FrameReader {
  constructor(bytes) {
    Object.assign(this, { bytes, at: 0, dictionary: EMPTY, blockBytes: -1 });
  }
  get done() { return this.at === this.bytes.length; }

  /** The next frame: {offset, end, continues, first (BigInt), entries, body}. Offsets in failures count in the file. */
  next() {
    const offset = this.at;
    const cursor = new Cursor(this.bytes.subarray(offset), 'frame', offset);
    const start = readStart(cursor);
    const raw = cursor.take(start.raw, 'raw part');
    const deflatedAt = offset + cursor.at;
    const deflated = cursor.take(start.deflated, 'deflated body');
    const hashed = this.bytes.subarray(offset, offset + cursor.at);
    const check = cursor.take(8, 'check');
    const fail = (rule, message, at) => { throw new Failure(`frame.${rule}`, message, { offset: at }); };
    if (!sha256(hashed).subarray(0, 8).equals(check)) fail('check', 'check of the frame is wrong', offset);
    if (start.continues && this.blockBytes < 0) fail('continues', 'frame continues, but none stands before it', offset);
    if (start.continues && this.blockBytes > LIMITS.block) fail('block', `frame continues a block of ${this.blockBytes} bytes`, offset);
    const dictionary = start.continues ? this.dictionary : EMPTY;
    const body = inflate(deflated, start.inflated, dictionary, (rule, message) => fail(rule, message, deflatedAt));
    const entries = readBody(body, raw, start.entries);
    this.at = offset + cursor.at;
    this.blockBytes = (start.continues ? this.blockBytes : 0) + body.length;
    this.dictionary = Buffer.concat([dictionary, body]).subarray(-LIMITS.dictionary);
    return { offset, end: this.at, continues: start.continues, first: start.first, entries, body };
  }
}
