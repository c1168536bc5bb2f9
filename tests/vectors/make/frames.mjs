// SPDX-License-Identifier: Apache-2.0
// Vectors of section 3.1: each is a file of frames, the last of which is the subject.
import { deflate, store } from './deflate.mjs';
import { city, erase, keyEntry, NO_PAYLOAD, put, withdraw } from './entries.mjs';
import { bytes, cat, fix32, frameBody, frameOf, FrameWriter, H, header, hex, len, num, payload, seeded, TIME, uuid, varint } from './writer.mjs';

const salt = (n) => seeded(`salt ${n}`, 16);
export function putEntry(n, record = city(`City ${n}`), more = {}) {
  const content = payload(salt(n), record);
  return { header: header(put({ id: uuid(n), payloadBytes: content.length, ...more })), payload: content };
}
const plain = (h) => ({ header: h, payload: Buffer.alloc(0) });
export const absentOf = (entry) => ({ ...entry, absent: true, commitment: H(entry.payload) });
const large = (size) => { // a PUT whose payload has `size` bytes, nearly all zero
  const content = cat(salt(99), varint(0), Buffer.alloc(size - 17));
  return { header: header(put({ id: uuid(99), payloadBytes: size })), payload: content };
};

// Made once by zlib at level 9 from a body of six cities: a block with dynamic codes.
const DYNAMIC = '05c12d0eab4a18005066ee6542be9014be7a82c490707fde0b685a3310c0209008442b5084a48e20091e415a0b3b68bb05165051cd6c00'
  + '85bce7180a418d8cf5772656b37d16e664ae6e28043532d6df995acdf6599893b9baa110d4c8587fe71f56b37d16e664ae6e28043532d6'
  + 'dff9a7d56c9f853999ab1b0a418d8cf57796ad66fb2cccc95cdd50086a64acbf33b39aedb330277375498223e8a0a45118fbf1e98c324f'
  + '828077c40615987fa96ee62fa4450908aae887f57d17cf8778b548af39529e38fbe4b9eb418223e8a0a45118fbf1e98c324f828077c406'
  + '15987fa96ee66fa4450908aae887f57d17cf8778b548af39529e38fbe4b9eb418223e8a0a45118fbf1e98c324f828077c40615987fa96e'
  + 'e61fa4450908aae887f57d17cf8778b548af39529e38fbe4b9eb418223e8a0a45118fbf1e98c324f828077c40615987fa96ee65fa44509'
  + '08aae887f57d17cf8778b548af39529e38fbe4b9eb418223e8a0a45118fbf1e98c324f828077c40615987fa96ee67f488b121054d10feb'
  + 'fb2e9e0ff16a915e73a43c71f6c973d7830447d04149a330f6e3d319659e0401ef880d2a30ff52ddccff91162520a8a21fd6f75d3c1fe2'
  + 'd522bde64879e2ec93e7ae877f';

export function frames() {
  const list = [];
  const describe = ({ header: head, payload: content, absent, commitment }) => ({
    header: hex(head), absent: Boolean(absent), commitment: hex(commitment ?? H(content)),
    ...(!absent && (content.length <= 2048 ? { payload: hex(content) } : { payload_bytes: content.length })),
  });
  const ok = (name, parts, first, entries, more) => list.push({ name, file: hex(cat(parts)), result: 'ok', frames: parts.length, first: String(first), entries: entries.map(describe), ...more });
  const bad = (name, rule, ...parts) => list.push({ name, file: hex(cat(parts)), result: 'refused', rule, good_frames: parts.length - 1 });
  const single = (name, entries, first = 0) => {
    const writer = new FrameWriter();
    writer.put(first, entries);
    ok(name, writer.parts, first, entries);
    return writer.parts[0];
  };

  const two = [putEntry(1), putEntry(2)];
  const key = plain(header(keyEntry()));
  single('KEY entry', [key]);
  single('entries of two cities', two, 1);
  single('all operations', [key, putEntry(1), plain(header(withdraw({ id: uuid(1) }))), plain(header(erase()))]);
  single('first index of 62 bits', [putEntry(1)], 2n ** 62n);
  single('absent payload', [putEntry(1), absentOf(putEntry(2)), putEntry(3)], 1);
  single('only absent payloads', [absentOf(putEntry(1)), absentOf(putEntry(2))], 1);
  single('nine entries, two bytes of absent bits', Array.from({ length: 9 }, (_, i) => (i === 8 ? absentOf(putEntry(i)) : putEntry(i))), 1);
  single('eight entries, one byte of absent bits', Array.from({ length: 8 }, (_, i) => putEntry(i)), 1);
  single('WITHDRAW marked absent', [{ ...plain(header(withdraw())), absent: true, commitment: NO_PAYLOAD }], 3);
  single('commitment of an absent entry may be anything', [{ ...putEntry(1), absent: true, commitment: Buffer.alloc(32, 7) }], 3);

  // Tokens.
  const sized = (size, more = {}) => ({ header: header(put({ payloadBytes: size, ...more })), payload: seeded(`content ${size}`, size) });
  for (const size of [0, 1, 15, 16, 17, 19]) single(`payload of ${size} bytes, token ${size + 1}`, [sized(size)], 1);
  single('token 0 with an empty record', [putEntry(1, Buffer.alloc(0))], 1);
  single('token of two bytes', [sized(127)], 1);
  single('length field that is not size - 20 needs a token', [sized(64)], 1);
  single('payload_bytes that lies needs a token', [{ ...putEntry(1), header: header(put({ payloadBytes: 30 })) }], 1);
  single('token though 0 would do', [{ ...putEntry(1), token: putEntry(1).payload.length + 1 }], 1);
  single('PUT without payload_bytes', [{ ...putEntry(1), header: header(put({ payloadBytes: 0 })) }], 1);
  single('WITHDRAW with a payload', [{ header: header(withdraw()), payload: seeded('odd', 40) }], 1);
  const sizeOf = (head) => ({ header: head, payload: payload(salt(1), seeded('record', 80)), token: 0 });
  single('payload_bytes in a header that is not canonical', [sizeOf(cat(num(7, 17), num(6, 100), num(1, 1)))], 1);
  single('payload_bytes in a varint longer than it must be is none', [{ ...sizeOf(Buffer.from([0x30, 0xe4, 0x00])), token: 101 }], 1);
  single('payload_bytes twice: the first counts', [sizeOf(cat(num(6, 100), num(6, 200)))], 1);
  single('payload_bytes of 33 bits is passed over', [sizeOf(cat(num(6, 2n ** 32n), num(6, 100)))], 1);
  single('payload_bytes before what does not parse', [sizeOf(cat(num(6, 100), [0xff]))], 1);
  single('payload_bytes behind fixed fields', [sizeOf(cat([0x1d], bytes(1, 2, 3, 4), [0x21], bytes(1, 2, 3, 4, 5, 6, 7, 8), num(6, 100)))], 1);

  // Tails.
  single('header of 20 bytes with a tail', [plain(cat([8, 2, 0x12, 0x10], uuid(1)))], 1);
  single('header of 19 bytes without a tail', [plain(cat([8, 2, 0x12, 0x10], uuid(1).subarray(1)))], 1);
  single('operation of two bytes has no tail', [plain(cat([8, 0x80, 0x01, 0x12, 0x10], uuid(1)))], 1);
  single('operation byte of 0x80 has no tail', [plain(cat([8, 0x80, 0x12, 0x10], uuid(1)))], 1);
  single('operation byte of 0x7f has a tail', [plain(cat([8, 0x7f, 0x12, 0x10], uuid(1)))], 1);
  single('record_id of 15 bytes has no tail', [plain(cat([8, 2, 0x12, 0x0f], uuid(1)))], 1);
  single('empty header', [plain(Buffer.alloc(0))], 1);
  single('header of 65,503 bytes', [plain(Buffer.alloc(65503, 0x55))], 1);

  // Deflate.
  const { body, raw } = frameBody(two);
  const frame = (more) => frameOf({ first: 1, entries: 2, body, raw, deflated: deflate(body), ...more });
  ok('stored block', [frame({ deflated: store(body) })], 1, two);
  ok('two stored blocks', [frame({ deflated: store(body, 100) })], 1, two);
  const six = [1, 2, 3, 4, 5, 6].map((n) => putEntry(n));
  ok('dynamic codes', [frameOf({ first: 1, entries: 6, ...frameBody(six), deflated: Buffer.from(DYNAMIC, 'hex') })], 1, six);

  // Blocks.
  const writer = new FrameWriter();
  for (const n of [1, 2, 3]) writer.put(n, [putEntry(n)]);
  ok('continues', writer.parts, 3, [putEntry(3)]);
  const fresh = new FrameWriter();
  fresh.put(1, [putEntry(1)]);
  fresh.put(2, [putEntry(2)], true);
  ok('independent frame behind another', fresh.parts, 2, [putEntry(2)]);
  const far = new FrameWriter();
  far.put(1, [putEntry(1)]);
  far.put(2, [{ ...large(40000) }]);
  far.put(3, [putEntry(2)]);
  ok('dictionary of the last 32,768 bytes', far.parts, 3, [putEntry(2)]);
  const overhead = frameBody([large(1048576 - 60)]).body.length - (1048576 - 60);
  const edge = new FrameWriter();
  edge.put(1, [large(1048576 - overhead)]);
  edge.put(2, [putEntry(2)]);
  ok('continues a block of 1,048,576 bytes', edge.parts, 2, [putEntry(2)], { block_bytes: edge.block.length - frameBody([putEntry(2)]).body.length });
  const over = new FrameWriter();
  over.put(1, [large(1048576 - overhead + 1)]);
  over.put(2, [putEntry(2)]);
  bad('continues a block of 1,048,577 bytes', 'frame.block', ...over.parts);

  // What is refused.
  const good = frame();
  const flip = (at, mask = 1) => { const out = Buffer.from(good); out[at < 0 ? good.length + at : at] ^= mask; return out; };
  bad('wrong first byte', 'frame.magic', frame({ magic: 0xf0 }));
  bad('unknown flag', 'frame.flags', frame({ flags: 2 }));
  bad('no entry', 'frame.entries', frame({ entries: 0 }));
  bad('4,097 entries', 'frame.entries', frame({ entries: 4097 }));
  bad('first index of 2^63', 'frame.first', frame({ first: 2n ** 63n }));
  bad('ends at 2^63', 'frame.first', frame({ first: 2n ** 63n - 2n }));
  bad('raw part over 26 bytes an entry', 'frame.raw', frame({ raw: Buffer.alloc(53) }));
  bad('inflated_bytes over the limit', 'frame.inflated', frame({ inflatedBytes: 1048576 + 1048851 + 1 }));
  bad('inflated_bytes of 64 bits', 'frame.inflated', frame({ inflatedBytes: 2n ** 64n - 1n }));
  bad('deflated_bytes over inflated_bytes + 65,536', 'frame.deflated', frame({ deflatedBytes: body.length + 65537 }));
  bad('varint longer than it must be', 'frame.varint', (() => {
    const start = cat([0xf1, 0, 0x81, 0x00, 2], varint(raw.length), varint(body.length), varint(deflate(body).length), raw, deflate(body));
    return cat(start, H(start).subarray(0, 8));
  })());
  bad('varint of 65 bits', 'frame.varint', cat([0xf1, 0], Buffer.alloc(9, 0xff), [0x02], Buffer.alloc(40)));
  bad('cut off in the check', 'frame.truncated', good.subarray(0, -1));
  bad('cut off in the body', 'frame.truncated', good.subarray(0, 80));
  bad('cut off in the start', 'frame.truncated', good.subarray(0, 3));
  bad('deflated_bytes behind the end', 'frame.truncated', frame({ deflatedBytes: body.length + 60000 }));
  bad('check changed', 'frame.check', flip(-1));
  bad('raw part changed', 'frame.check', flip(12));
  bad('deflated body changed', 'frame.check', flip(-20));
  bad('index changed', 'frame.check', flip(2, 2));
  bad('check of zeros', 'frame.check', frame({ check: Buffer.alloc(8) }));
  bad('inflates to more than it says', 'frame.size', frame({ inflatedBytes: body.length - 1 }));
  bad('inflates to less than it says', 'frame.size', frame({ inflatedBytes: body.length + 1 }));
  bad('bomb', 'frame.size', frameOf({ first: 1, entries: 1, raw: Buffer.alloc(0), deflated: deflate(Buffer.alloc(3 << 20)), body: Buffer.alloc(0), inflatedBytes: 1000 }));
  bad('no deflate', 'frame.deflate', frame({ deflated: seeded('noise', 60).fill(0xff) }));
  bad('deflate without an end', 'frame.deflate', frame({ deflated: deflate(body).subarray(0, -3) }));
  bad('bytes behind the deflated body', 'frame.trailing', frame({ deflated: cat(deflate(body), [0]) }));
  bad('two deflated bodies', 'frame.trailing', frame({ deflated: cat(deflate(body), deflate(body)) }));
  bad('continues without a frame before', 'frame.continues', frame({ flags: 1 }));
  const second = (dictionary) => {
    const parts = frameBody([putEntry(3)]);
    return frameOf({ flags: 1, first: 3, entries: 1, ...parts, deflated: deflate(parts.body, dictionary) });
  };
  bad('other dictionary', 'body.spare', good, second(cat([0], body.subarray(0, -1))));
  bad('distance before the dictionary', 'frame.deflate', good, second(cat(Buffer.alloc(200), frameBody([putEntry(3)]).body.subarray(0, 60), body)));
  const rebuilt = (change, more = {}) => {
    const changed = change(Buffer.from(body));
    return frame({ body: changed, deflated: deflate(changed), ...more });
  };
  const spare = 2 * varint(two[0].header.length).length + two[0].header.length + two[1].header.length - 20;
  bad('spare bit', 'body.spare', rebuilt((b) => { b[spare] |= 0x04; return b; }));
  bad('highest spare bit', 'body.spare', rebuilt((b) => { b[spare] |= 0x80; return b; }));
  bad('body too long', 'body.trailing', rebuilt((b) => cat(b, [0])));
  bad('body too short', 'body.truncated', rebuilt((b) => b.subarray(0, -1)));
  const ofKey = frameBody([key]);
  bad('raw part too long', 'raw.trailing', frameOf({ entries: 1, body: ofKey.body, raw: Buffer.alloc(1), deflated: deflate(ofKey.body) }));
  bad('raw part too short', 'raw.truncated', frame({ raw: raw.subarray(0, -1) }));
  bad('header longer than the body', 'body.truncated', rebuilt((b) => { b[0] = 0x7f; return b.subarray(0, 60); }));
  bad('header over 65,503 bytes', 'body.header', (() => {
    const parts = frameBody([plain(Buffer.alloc(65504, 0x55))]);
    return frameOf({ first: 1, entries: 1, ...parts, deflated: deflate(parts.body) });
  })());
  const tokenLie = (head, token, rest) => {
    const content = cat(varint(head.length), head, [0], varint(token), rest);
    return frameOf({ first: 1, entries: 1, raw: Buffer.alloc(16), body: content, deflated: deflate(content) });
  };
  bad('token 0 without payload_bytes', 'body.token', tokenLie(num(5, TIME), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes is 19', 'body.token', tokenLie(num(6, 19), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes is longer than it must be', 'body.token', tokenLie(Buffer.from([0x30, 0xe4, 0x00]), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes stands behind field 0', 'body.token', tokenLie(cat([0x00, 0x00], num(6, 100)), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes stands behind a group', 'body.token', tokenLie(cat([0x1b], num(6, 100)), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes is fixed32', 'body.token', tokenLie(fix32(6, 100), 0, Buffer.alloc(80)));
  bad('token 0 where payload_bytes stands in a message', 'body.token', tokenLie(len(11, num(6, 100)), 0, Buffer.alloc(80)));
  bad('token over the payload limit', 'body.token', tokenLie(num(6, 19), 1048853, Buffer.alloc(80)));
  bad('token longer than the body', 'body.truncated', tokenLie(num(6, 19), 500, Buffer.alloc(80)));
  bad('token of 64 bits', 'body.token', tokenLie(num(6, 19), 2n ** 64n - 1n, Buffer.alloc(80)));
  bad('token longer than it must be', 'body.varint', (() => {
    const head = num(6, 19);
    const content = cat(varint(head.length), head, [0, 0x94, 0x00], seeded('x', 3));
    return frameOf({ first: 1, entries: 1, raw: Buffer.alloc(16), body: content, deflated: deflate(content) });
  })());
  const half = frameBody([two[0], absentOf(two[1])]);
  const cut = half.body.subarray(0, -1);
  bad('commitment cut off', 'body.truncated', frameOf({ first: 1, entries: 2, body: cut, raw: half.raw, deflated: deflate(cut) }));
  return list;
}
