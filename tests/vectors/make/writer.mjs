// SPDX-License-Identifier: Apache-2.0
// Writes what docs/protocol.md describes, byte for byte. Nothing here is shared with the reader that is tested with it.
import { createHash, createPrivateKey, createPublicKey, sign as cryptoSign } from 'node:crypto';
import { deflate } from './deflate.mjs';

export const cat = (...parts) => Buffer.concat(parts.flat(Infinity).map((part) =>
  (typeof part === 'string' ? Buffer.from(part) : typeof part === 'number' ? Buffer.from([part]) : part)));
export const bytes = (...values) => Buffer.from(values);
export const H = (...parts) => createHash('sha256').update(cat(...parts)).digest();
export const seeded = (name, length = 32) => {
  let out = H(`hanse vector ${name}`);
  while (out.length < length) out = cat(out, H(out));
  return out.subarray(0, length);
};
/** Hex in which a run of 32 or more equal bytes is written as "xx*count;". */
export const hex = (buffer) => Buffer.from(buffer).toString('hex').replace(/((?:..)*?)((..)\3{31,})/g,
  (_, before, run, pair) => `${before}${pair}*${run.length / 2};`);
export const ORIGIN = 'city.example/hanse';
export const TIME = 1767225600; // 2026-01-01

// Numbers and fields of protobuf.
export function varint(value) {
  const out = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
  return Buffer.from(out);
}
export function uint(value, size) {
  const out = Buffer.alloc(size);
  for (let i = size - 1, rest = BigInt(value); i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 0xffn);
  return out;
}
export const num = (field, value) => cat(varint(field * 8), varint(value));
export const fix64 = (field, value) => cat(varint(field * 8 + 1), Buffer.from(uint(value, 8)).reverse());
export const fix32 = (field, value) => cat(varint(field * 8 + 5), Buffer.from(uint(value, 4)).reverse());
export const len = (field, value) => {
  const content = cat(value);
  return cat(varint(field * 8 + 2), varint(content.length), content);
};
const unless = (value, write) => (value ? write(value) : Buffer.alloc(0));

// Keys and notes.
export class Signer {
  constructor(seedName, name = ORIGIN, type = 1) {
    const pkcs8 = cat(Buffer.from('302e020100300506032b657004220420', 'hex'), seeded(`key ${seedName}`));
    this.private = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.public = createPublicKey(this.private).export({ format: 'der', type: 'spki' }).subarray(-32);
    Object.assign(this, { name, type });
  }
  get typed() { return cat([this.type], this.public); }
  get id() { return H(this.name, [0x0a], this.typed).subarray(0, 4); }
  get vkey() { return `${this.name}+${hex(this.id)}+${this.typed.toString('base64')}`; }
  sign(message) { return cryptoSign(null, cat(message), this.private); }
  line(text) { return sigline(this.name, this.id, this.sign(text)); }
  cosign(text, time) {
    const signature = this.sign(`cosignature/v1\ntime ${time}\n${text}`);
    return sigline(this.name, this.id, cat(uint(time, 8), signature));
  }
}
export const sigline = (name, id, signature) => `\u2014 ${name} ${cat(id, signature).toString('base64')}\n`;
export const note = (text, ...signers) => cat(text, '\n', signers.map((signer) => signer.line(text)));
export const checkpointText = (size, root, origin = ORIGIN) => `${origin}\n${size}\n${root.toString('base64')}\n`;

// The tree.
export const leaf = (entry) => H([0], entry);
export function rootOf(leaves) {
  if (leaves.length === 0) return H('');
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return H([1], rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}
function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
export function proofOf(index, leaves) {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k ? [...proofOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...proofOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}
export function tilePath(level, number, width) {
  const groups = [];
  for (let rest = number; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
  }
  const name = groups.map((group, i) => (i + 1 < groups.length ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < 256 ? `.p/${width}` : ''}`;
}
export function tileFiles(wholeEntries) {
  const files = {};
  const chunks = (items) => Array.from({ length: Math.ceil(items.length / 256) }, (_, n) => items.slice(n * 256, n * 256 + 256));
  for (const [n, group] of chunks(wholeEntries).entries()) {
    files[tilePath('entries', n, group.length)] = cat(group.map((entry) => [uint(entry.length, 2), entry]));
  }
  for (let level = 0, hashes = wholeEntries.map(leaf); hashes.length; level++) {
    const groups = chunks(hashes);
    for (const [n, group] of groups.entries()) files[tilePath(level, n, group.length)] = cat(group);
    hashes = groups.filter((group) => group.length === 256).map(rootOf);
  }
  return files;
}

// Entries and payloads.
export function uuid(number) {
  const id = cat(uint(1767225600000 + number, 6), seeded(`id ${number}`, 10));
  id[6] = 0x70 | (id[6] & 0x0f);
  id[8] = 0x80 | (id[8] & 0x3f);
  return id;
}
export const range = (first, count) => cat(unless(first, (v) => num(1, v)), unless(count, (v) => num(2, v)));
export const keySet = ({ key, transport, encryption, recovery = [], threshold = 0, predecessor }) => cat(
  unless(key, (v) => len(1, v)), unless(transport, (v) => len(2, v)), unless(encryption, (v) => len(3, v)),
  recovery.map((v) => len(4, v)), unless(threshold, (v) => num(5, v)), unless(predecessor, (v) => len(6, v)));
export const predecessor = (origin, size, root) => cat(len(1, origin), num(2, size), len(3, root));
export const successor = (origin, key) => cat(len(1, origin), len(2, key));
/** Fields by short names; absent ones are left out. */
export const header = (h) => cat(
  unless(h.operation, (v) => num(1, v)), unless(h.id, (v) => len(2, v)), unless(h.audience, (v) => num(3, v)),
  (h.networks ?? []).map((v) => len(4, v)), unless(h.published, (v) => num(5, v)), unless(h.payloadBytes, (v) => num(6, v)),
  unless(h.kind, (v) => num(7, v)), unless(h.reason, (v) => num(8, v)), (h.erased ?? []).map((v) => len(9, v)),
  unless(h.eraseBy, (v) => num(10, v)), unless(h.key, (v) => len(11, v)), unless(h.successor, (v) => len(12, v)));

export const payload = (salt, record, padTo = 1) => {
  const unpadded = cat(salt, uint(record.length, 4), record);
  return cat(unpadded, Buffer.alloc((padTo - (unpadded.length % padTo)) % padTo));
};

// Frames.
export function peekPayloadBytes(head) {
  // Only for headers made here: fields with wire types 0 and 2 in canonical form, or ones that are none.
  for (let at = 0; at < head.length;) {
    const read = () => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        if (at >= head.length) return -1n;
        const byte = head[at++];
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
    };
    const key = read();
    const value = read();
    if (key < 0n || value < 0n || ![0n, 2n].includes(key & 7n)) return 0;
    if (key === 48n && value < 1n << 32n) return Number(value);
    if ((key & 7n) === 2n) at += Number(value);
  }
  return 0;
}
const hasTail = (head) => head.length >= 20 && head[0] === 8 && head[1] < 0x80 && head[2] === 0x12 && head[3] === 0x10;
/** Body and raw part of entries {header, payload, absent, commitment, token (forced)}. */
export function frameBody(entries) {
  const tails = [], salts = [];
  const headers = entries.map(({ header: head }) => {
    if (!hasTail(head)) return [varint(head.length), head];
    tails.push(head.subarray(10, 20));
    return [varint(head.length), head.subarray(0, 10), head.subarray(20)];
  });
  const absent = Buffer.alloc(Math.ceil(entries.length / 8));
  entries.forEach((entry, i) => { if (entry.absent) absent[i >> 3] |= 1 << (i & 7); });
  const payloads = entries.filter((entry) => !entry.absent).map((entry) => {
    const content = entry.payload ?? Buffer.alloc(0);
    if (content.length >= 16) salts.push(content.subarray(0, 16));
    const short = entry.token === undefined && content.length >= 20 && peekPayloadBytes(entry.header) === content.length
      && content.readUInt32BE(16) === content.length - 20;
    if (short || entry.token === 0) return [[0], content.subarray(20)];
    return [varint(entry.token ?? content.length + 1), content.subarray(content.length >= 16 ? 16 : 0)];
  });
  const commitments = entries.filter((entry) => entry.absent).map((entry) => entry.commitment ?? H(entry.payload ?? ''));
  return { body: cat(headers, absent, payloads, commitments), raw: cat(tails, salts) };
}
/** One frame from its parts; each may be a lie. */
export function frameOf({ magic = 0xf1, flags = 0, first = 0, entries = 1, raw, body, deflated, rawBytes, inflatedBytes, deflatedBytes, check }) {
  const start = cat([magic, flags], varint(first), varint(entries), varint(rawBytes ?? raw.length),
    varint(inflatedBytes ?? body.length), varint(deflatedBytes ?? deflated.length), raw, deflated);
  return cat(start, check ?? H(start).subarray(0, 8));
}
/** Writes the frames of one file: put(entries, {first, independent}). */
export class FrameWriter {
  constructor() { Object.assign(this, { block: null, parts: [], size: 0 }); }
  put(first, entries, independent = false) {
    const { body, raw } = frameBody(entries);
    const continues = this.block !== null && !independent;
    const before = continues ? this.block : Buffer.alloc(0);
    const deflated = deflate(body, before.subarray(-32768));
    const frame = frameOf({ flags: continues ? 1 : 0, first, entries: entries.length, raw, body, deflated });
    this.block = cat(before, body);
    this.parts.push(frame);
    this.size += frame.length;
    return { frame, continues, body };
  }
  get bytes() { return cat(this.parts); }
}

export const block = (entriesBefore, offset) => cat(unless(entriesBefore, (v) => num(1, v)), unless(offset, (v) => num(2, v)));
export const segment = ({ first = 0, entries, size, generation, sealed, blocks }) => cat(
  unless(first, (v) => num(1, v)), unless(entries, (v) => num(2, v)), unless(size, (v) => num(3, v)),
  unless(generation, (v) => fix64(4, v)), unless(sealed, () => num(5, 1)), blocks.map((v) => len(6, v)));
export const manifest = (...segments) => cat(num(1, 1), segments.map((v) => len(2, v)));
export const keyChange = ({ index, entry, checkpoint, proof }) => cat(
  unless(index, (v) => num(1, v)), len(2, entry), len(3, checkpoint), proof.map((v) => len(4, v)));

// Records.
export const text = (content, language = 'en') => cat(len(1, content), len(2, language));
export const records = {
  profile: (title) => len(16, cat(len(1, text(title)), num(4, 1), num(5, 1))),
  city: (name) => cat(
    len(1, len(1, cat(len(1, 'UNLOCODE'), len(2, 'JPKKJ')))),
    len(17, cat(len(1, text(name)), len(1, text('\u5317\u4e5d\u5dde\u5e02', 'ja')), len(2, 'JP'), num(6, 939000), num(7, 2020)))),
  organisation: (name) => len(18, cat(len(1, text(name)), len(5, 'DE'))),
};
