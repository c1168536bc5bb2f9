// SPDX-License-Identifier: Apache-2.0
// Bytes, varints and the one kind of error: a broken rule with the object and the byte where it was met.
import { createHash } from 'node:crypto';

export const EMPTY = Buffer.alloc(0);
export const LIMITS = {
  note: 64 << 10, signatures: 100, origin: 127, entryPublish: 1024, entryAccept: 65535, record: 1 << 20,
  payload: (1 << 20) + 20 + 255, depth: 16, frameEntries: 4096, inflated: (1 << 20) + (1 << 20) + 20 + 255,
  deflateOverhead: 64 << 10, block: 1 << 20, dictionary: 32 << 10, segment: 64 << 20, manifest: 1 << 20, proof: 63, keyChange: 256 << 10,
  keyChain: 1024, recordProof: 2 << 20, recoveryKeys: 16, networkIds: 64, eraseRanges: 64,
};

/** A broken rule. `rule` is stable (tests/vectors/README.md lists them), `result` is the outcome for a feed. */
export class Failure extends Error {
  constructor(rule, message, { object = '', offset = -1, result = '' } = {}) {
    super(message);
    Object.assign(this, { rule, object, offset, result });
  }

  /** The same failure, said of a named object; what is known already stays. */
  in(object, base = 0, result = '') {
    if (!this.object) {
      this.object = object;
      if (this.offset >= 0) this.offset += base;
    }
    this.result ||= result;
    return this;
  }

  toString() {
    const where = this.object ? `"${this.object}"` : '';
    const byte = this.offset >= 0 ? `byte ${this.offset}` : '';
    const place = [where, byte].filter(Boolean).join(', ');
    return `${this.message}${place ? ` (${place})` : ''} [${this.rule}]`;
  }
}

/** Runs `work`; a Failure in it is told of `object`. */
export function within(object, result, work) {
  try {
    return work();
  } catch (error) {
    throw error instanceof Failure ? error.in(object, 0, result) : error;
  }
}

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function firstDifference(a, b) {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : end;
}

/** A cursor. `prefix` names the rules: <prefix>.varint, <prefix>.truncated. */
export class Cursor {
  constructor(bytes, prefix, base = 0) {
    Object.assign(this, { bytes, prefix, base, at: 0 });
  }
  get left() { return this.bytes.length - this.at; }
  fail(rule, message, at = this.at) {
    throw new Failure(`${this.prefix}.${rule}`, message, { offset: this.base + at });
  }
  take(length, what = 'bytes') {
    if (length > this.left) this.fail('truncated', `${what} end after ${this.left} of ${length} bytes`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  /** LEB128 of at most 64 bits, as BigInt; refused if it is not the shortest form, unless `lenient`. */
  varint(lenient = false) {
    const start = this.at;
    let value = 0n;
    for (let i = 0n; ; i++) {
      if (!this.left) {
        this.at = start;
        this.fail('truncated', 'varint is cut off');
      }
      const byte = this.bytes[this.at++];
      if (i === 9n && byte > 1) this.fail('varint', 'varint has more than 64 bits', start);
      value |= BigInt(byte & 0x7f) << (7n * i);
      if (byte & 0x80) continue;
      if (!lenient && byte === 0 && i > 0n) this.fail('varint', 'varint is not in its shortest form', start);
      return value;
    }
  }
}

/** Strict base64 (RFC 4648 section 4, padded, spare bits zero) or null. */
export function base64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** A decimal below 2^63 as BigInt, or null. */
export function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value < 1n << 63n ? value : null;
}

/** Text of well-formed UTF-8, or null. */
export function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
