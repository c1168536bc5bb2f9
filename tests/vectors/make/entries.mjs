// SPDX-License-Identifier: Apache-2.0
// Vectors of section 2: entries (canonical form and rules of the header), payloads, key changes.
import {
  block, cat, checkpointText, fix32, fix64, H, header, hex, keyChange, keySet, leaf, len, manifest, note, num, ORIGIN,
  payload, predecessor, proofOf, range, records, rootOf, seeded, segment, Signer, successor, text, TIME, uuid, varint,
} from './writer.mjs';
import { IDENTITY } from './notes.mjs';

export const NO_PAYLOAD = H('');
const id = uuid(1);
const net = (n) => seeded(`network ${n}`, 16);
const sortedNets = (count) => Array.from({ length: count }, (_, i) => net(i)).sort(Buffer.compare);
const key = new Signer('a').typed;
const recovery = (count) => Array.from({ length: count }, (_, i) => new Signer(`recovery ${i}`).typed).sort(Buffer.compare);

export const put = (more = {}) => ({ operation: 1, id, published: TIME, payloadBytes: 100, kind: 17, ...more });
export const withdraw = (more = {}) => ({ operation: 2, id, published: TIME, reason: 3, ...more });
export const erase = (more = {}) => ({ operation: 3, published: TIME, reason: 4, erased: [range(1, 2)], eraseBy: TIME + 86400, ...more });
export const keyEntry = (more = {}, set = {}) => ({ operation: 4, published: TIME, key: keySet({ key, ...set }), ...more });
export const moved = (more = {}) => ({ operation: 5, published: TIME, successor: successor('new.example/hanse', key), ...more });
const shared = (more = {}) => put({ audience: 1, networks: [net(0)], payloadBytes: 256, kind: 0, ...more });

/** Decoded fields as the vectors state them: numbers of 64 bits as decimal text, bytes as hex. */
function fieldsOf(h, more) {
  const out = { operation: h.operation, published_unix_s: String(h.published) };
  if (h.id) out.record_id = hex(h.id);
  if (h.audience) out.audience = h.audience;
  if (h.networks) out.network_ids = h.networks.map(hex);
  if (h.payloadBytes) out.payload_bytes = h.payloadBytes;
  if (h.kind) out.kind = h.kind;
  if (h.reason) out.reason = h.reason;
  if (h.eraseBy) out.erase_by_unix_s = String(h.eraseBy);
  return { ...out, ...more };
}

export function entries() {
  const list = [];
  const add = (verdict, name, h, { rule, index = 5, commitment = NO_PAYLOAD, fields, canonical = true } = {}) => {
    const bytes = Buffer.isBuffer(h) ? h : header(h);
    list.push({
      name, index: String(index), entry: hex(cat(commitment, bytes)), canonical, verdict, ...(rule && { rule }),
      ...(verdict === 'VALID' && !Buffer.isBuffer(h) && { fields: fieldsOf(h, fields) }),
    });
  };
  const valid = (name, h, more) => add('VALID', name, h, more);
  const unknown = (name, rule, h, more) => add('UNKNOWN', name, h, { rule, ...more });
  const invalid = (name, rule, h, more) => add('INVALID', name, h, { rule, ...more });
  const broken = (name, rule, h, more) => invalid(name, rule, h, { canonical: false, ...more });

  // One of each operation, and what is allowed.
  valid('PUT', put());
  valid('PUT, smallest payload', put({ payloadBytes: 20 }));
  valid('PUT, largest payload', put({ payloadBytes: 1048851 }));
  valid('PUT, NETWORK', shared());
  valid('PUT, NETWORK with 17 networks', shared({ networks: sortedNets(17) }));
  valid('PUT, PARTIES', shared({ audience: 2, payloadBytes: 512 }));
  valid('PUT, earliest', put({ published: 1577836800 }));
  valid('PUT, latest', put({ published: 253402300799 }));
  valid('WITHDRAW', withdraw());
  valid('WITHDRAW, unknown reason', withdraw({ reason: 4294967295 }));
  valid('WITHDRAW, NETWORK', withdraw({ audience: 1, networks: sortedNets(2) }));
  valid('ERASE', erase(), { fields: { erased: [['1', '2']] } });
  valid('ERASE, two ranges up to its index', erase({ erased: [range(0, 1), range(2, 3)] }), { fields: { erased: [['0', '1'], ['2', '3']] } });
  valid('ERASE, ranges that touch', erase({ erased: [range(0, 1), range(1, 1)] }), { fields: { erased: [['0', '1'], ['1', '1']] } });
  valid('KEY', keyEntry(), { fields: { verifier_key: hex(key) } });
  valid('KEY, everything', keyEntry({}, {
    transport: new Signer('t').public, encryption: seeded('encryption', 91), recovery: recovery(3), threshold: 2,
    predecessor: predecessor('old.example/hanse', 9, H('old')),
  }), {
    index: 0,
    fields: {
      verifier_key: hex(key), transport_key: hex(new Signer('t').public), encryption_key: hex(seeded('encryption', 91)),
      recovery_keys: recovery(3).map(hex), recovery_threshold: 2, predecessor_origin: 'old.example/hanse',
      predecessor_size: '9', predecessor_root: hex(H('old')),
    },
  });
  valid('KEY, 16 recovery keys', keyEntry({}, { recovery: recovery(16), threshold: 16 }),
    { fields: { verifier_key: hex(key), recovery_keys: recovery(16).map(hex), recovery_threshold: 16 } });
  valid('SUCCESSOR', moved(), { fields: { successor_origin: 'new.example/hanse', successor_key: hex(key) } });
  valid('unknown field behind', cat(header(put()), num(13, 1)));
  valid('unknown fields of each wire type', cat(header(put()), num(13, 300), fix64(14, 1), len(15, 'x'), fix32(16, 1)));
  valid('unknown field twice', cat(header(put()), num(13, 1), num(13, 0)));
  valid('unknown field in a message', keyEntry({ key: cat(keySet({ key }), num(7, 1)) }), { fields: { verifier_key: hex(key) } });
  valid('unknown field with the highest number', cat(header(put()), num(536870911, 1)));

  // The canonical form, 2.1.
  broken('fields out of order', 'canonical.order', cat(num(1, 1), num(5, TIME), len(2, id), num(6, 100), num(7, 17)));
  broken('unknown field before a lower one', 'canonical.order', cat(header(put()), num(14, 1), num(13, 1)));
  broken('field twice', 'canonical.repeated', cat(header(put()), num(7, 17)));
  broken('repeated field not together', 'canonical.order', cat(header(shared({ payloadBytes: 0 })), len(4, net(1)), num(6, 256)));
  broken('key longer than it must be', 'canonical.varint', cat([0x88, 0x00, 0x01], header(put({ operation: 0 }))));
  broken('length longer than it must be', 'canonical.varint', cat(num(1, 1), [0x12, 0x90, 0x00], id, num(5, TIME), num(6, 100), num(7, 17)));
  broken('value longer than it must be', 'canonical.varint', cat(header(put({ kind: 0 })), [0x38, 0x91, 0x00]));
  broken('value of 65 bits', 'canonical.varint', cat(header(put()), [0x68, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]));
  broken('varint of 11 bytes', 'canonical.varint', cat(header(put()), [0x68], Buffer.alloc(10, 0x80), [0x01]));
  broken('varint cut off', 'canonical.truncated', cat(header(put()), [0x68, 0x80]));
  broken('key cut off', 'canonical.truncated', cat(header(put()), [0x80]));
  broken('field longer than the header', 'canonical.truncated', cat(header(put()), [0x6a, 0x05, 0x00]));
  broken('fixed64 cut off', 'canonical.truncated', cat(header(put()), [0x69, 0x01, 0x02]));
  broken('field longer than its message', 'canonical.truncated', header(keyEntry({ key: cat([0x0a, 0x21], key.subarray(1)) })));
  broken('group', 'canonical.wire-type', cat(header(put()), [0x6b, 0x6c]));
  broken('wire type 4', 'canonical.wire-type', cat(header(put()), [0x6c]));
  broken('wire type 6', 'canonical.wire-type', cat(header(put()), [0x6e, 0x00]));
  broken('wire type 7', 'canonical.wire-type', cat(header(put()), [0x6f, 0x00]));
  broken('field number 0', 'canonical.number', cat([0x00, 0x01], header(put())));
  broken('field number of 2^29', 'canonical.number', cat(header(put()), varint(2 ** 32), [0x01]));
  broken('operation 0 written', 'canonical.default', cat([0x08, 0x00], header(put({ operation: 0 }))));
  broken('audience 0 written', 'canonical.default', cat(num(1, 1), len(2, id), num(3, 0), num(5, TIME), num(6, 100), num(7, 17)));
  broken('empty bytes written', 'canonical.default', cat(num(1, 4), num(5, TIME), len(11, cat(len(1, key), len(2, '')))));
  broken('empty message written', 'canonical.default', cat(header(put()), len(11, '')));
  broken('known field with another wire type', 'canonical.type', cat(header(put({ kind: 0 })), fix32(7, 17)));
  broken('bytes as varint', 'canonical.type', cat(num(1, 1), num(2, 5), num(5, TIME), num(6, 100), num(7, 17)));
  broken('kind of 33 bits', 'canonical.range', cat(header(put({ kind: 0 })), num(7, 2n ** 32n + 17n)));
  broken('operation of 33 bits', 'canonical.range', cat(num(1, 2n ** 32n + 1n), header(put({ operation: 0 }))));
  broken('network ids not sorted', 'canonical.sorted', shared({ networks: sortedNets(2).reverse() }));
  broken('network id twice', 'canonical.sorted', shared({ networks: [net(0), net(0)] }));
  broken('erased ranges not sorted', 'canonical.sorted', erase({ erased: [range(3, 1), range(1, 1)] }));
  broken('erased range twice', 'canonical.sorted', erase({ erased: [range(1, 1), range(1, 1)] }));
  broken('recovery keys not sorted', 'canonical.sorted', keyEntry({}, { recovery: recovery(2).reverse(), threshold: 1 }));
  broken('order inside a message', 'canonical.order', keyEntry({ key: cat(num(5, 1), len(1, key)) }));
  broken('long varint inside a message', 'canonical.varint', erase({ erased: [Buffer.from([0x08, 0x81, 0x00, 0x10, 0x01])] }));
  broken('default inside a message', 'canonical.default', erase({ erased: [cat(num(1, 0), num(2, 1))] }));
  broken('noise', 'canonical.wire-type', Buffer.from('ffffffff0f', 'hex'));

  // The rules of 2.2.
  invalid('empty header', 'header.operation', Buffer.alloc(0));
  invalid('no operation', 'header.operation', put({ operation: 0 }));
  unknown('operation 6', 'unknown.operation', put({ operation: 6 }));
  unknown('operation 4294967295 and nothing else', 'unknown.operation', { operation: 4294967295 });
  unknown('audience 3', 'unknown.audience', put({ audience: 3 }));
  unknown('WITHDRAW with audience 3', 'unknown.audience', withdraw({ audience: 3 }));
  unknown('audience 3 without the rest', 'unknown.audience', { operation: 1, audience: 3 });
  unknown('kind that nobody knows', 'unknown.kind', put({ kind: 5000000 }));
  const missing = { // operation: fields that it requires
    PUT: [put, { id: 'record_id', published: 'published_unix_s', payloadBytes: 'payload_bytes', kind: 'kind' }],
    WITHDRAW: [withdraw, { id: 'record_id', published: 'published_unix_s', reason: 'reason' }],
    ERASE: [erase, { published: 'published_unix_s', reason: 'reason', erased: 'erased', eraseBy: 'erase_by_unix_s' }],
    KEY: [keyEntry, { published: 'published_unix_s', key: 'key' }],
    SUCCESSOR: [moved, { published: 'published_unix_s', successor: 'successor' }],
  };
  for (const [operation, [make, fields]] of Object.entries(missing)) {
    for (const [short, name] of Object.entries(fields)) {
      invalid(`${operation} without ${name}`, `header.missing.${name}`, make({ [short]: undefined }));
    }
  }
  invalid('NETWORK without networks', 'header.missing.network_ids', shared({ networks: [] }));
  const present = { // fields that an operation must not have
    PUT: [put, { networks: [[net(0)], 'network_ids'], reason: [1, 'reason'], erased: [[range(0, 1)], 'erased'], eraseBy: [TIME, 'erase_by_unix_s'], key: [keySet({ key }), 'key'], successor: [successor('new.example/hanse', key), 'successor'] }],
    WITHDRAW: [withdraw, { networks: [[net(0)], 'network_ids'], payloadBytes: [100, 'payload_bytes'], kind: [17, 'kind'], erased: [[range(0, 1)], 'erased'], eraseBy: [TIME, 'erase_by_unix_s'], key: [keySet({ key }), 'key'], successor: [successor('new.example/hanse', key), 'successor'] }],
    ERASE: [erase, { id: [id, 'record_id'], audience: [1, 'audience'], payloadBytes: [100, 'payload_bytes'], kind: [17, 'kind'], key: [keySet({ key }), 'key'], successor: [successor('new.example/hanse', key), 'successor'] }],
    KEY: [keyEntry, { id: [id, 'record_id'], audience: [1, 'audience'], payloadBytes: [100, 'payload_bytes'], kind: [17, 'kind'], reason: [1, 'reason'], erased: [[range(0, 1)], 'erased'], eraseBy: [TIME, 'erase_by_unix_s'], successor: [successor('new.example/hanse', key), 'successor'] }],
    SUCCESSOR: [moved, { id: [id, 'record_id'], audience: [1, 'audience'], payloadBytes: [100, 'payload_bytes'], kind: [17, 'kind'], reason: [1, 'reason'], erased: [[range(0, 1)], 'erased'], eraseBy: [TIME, 'erase_by_unix_s'], key: [keySet({ key }), 'key'] }],
  };
  for (const [operation, [make, fields]] of Object.entries(present)) {
    for (const [short, [value, name]] of Object.entries(fields)) {
      invalid(`${operation} with ${name}`, `header.present.${name}`, make({ [short]: value }));
    }
  }
  invalid('KEY with an unknown audience', 'header.present.audience', keyEntry({ audience: 3 }));
  invalid('NETWORK with kind', 'header.present.kind', shared({ kind: 17 }));
  const changed = (at, value) => { const out = Buffer.from(id); out[at] = value; return out; };
  invalid('UUID of version 4', 'header.record-id', put({ id: changed(6, 0x4f) }));
  invalid('UUID of another variant', 'header.record-id', put({ id: changed(8, 0xc0) }));
  invalid('record_id of 15 bytes', 'header.record-id', put({ id: id.subarray(0, 15) }));
  invalid('record_id of 17 bytes', 'header.record-id', put({ id: cat(id, [0]) }));
  invalid('published before 2020', 'header.time', put({ published: 1577836799 }));
  invalid('published in year 10000', 'header.time', put({ published: 253402300800 }));
  invalid('published of 64 bits', 'header.time', put({ published: 2n ** 64n - 1n }));
  invalid('erase_by before 2020', 'header.time', erase({ eraseBy: 1 }));
  invalid('payload_bytes 19', 'header.payload-bytes', put({ payloadBytes: 19 }));
  invalid('payload_bytes over the limit', 'header.payload-bytes', put({ payloadBytes: 1048852 }));
  invalid('payload_bytes of NETWORK no multiple of 256', 'header.payload-bytes', shared({ payloadBytes: 255 }));
  invalid('network id of 15 bytes', 'header.network-ids', shared({ networks: [net(0).subarray(1)] }));
  invalid('empty network id', 'header.network-ids', cat(num(1, 1), len(2, id), num(3, 1), len(4, ''), num(5, TIME), num(6, 256)));
  invalid('range without count', 'header.erased', erase({ erased: [range(1, 0)] }));
  invalid('empty range', 'header.erased', cat(num(1, 3), num(5, TIME), num(8, 4), len(9, ''), num(10, TIME)));
  invalid('ranges overlap', 'header.erased', erase({ erased: [range(1, 2), range(2, 1)] }));
  invalid('range over its own index', 'header.erased', erase({ erased: [range(1, 5)] }));
  invalid('range over 2^64', 'header.erased', erase({ erased: [range(1, 2n ** 64n - 1n)] }));
  invalid('65 ranges', 'header.erased', erase({ erased: Array.from({ length: 65 }, (_, i) => range(i, 1)) }), { index: 100 });
  invalid('verifier_key of another type', 'header.key', keyEntry({ key: keySet({ key: cat([4], key.subarray(1)) }) }));
  invalid('verifier_key of 32 bytes', 'header.key', keyEntry({ key: keySet({ key: key.subarray(0, 32) }) }));
  invalid('no verifier_key', 'header.key', keyEntry({ key: keySet({ transport: new Signer('t').public }) }));
  invalid('verifier_key of small order', 'key.small-order', keyEntry({ key: keySet({ key: cat([1], IDENTITY) }) }));
  invalid('verifier_key that is no point', 'key.encoding', keyEntry({ key: keySet({ key: cat([1, 2], Buffer.alloc(31)) }) }));
  invalid('transport_key of 31 bytes', 'header.key', keyEntry({}, { transport: seeded('t', 31) }));
  invalid('transport_key of small order', 'key.small-order', keyEntry({}, { transport: IDENTITY }));
  invalid('encryption_key of 257 bytes', 'header.key', keyEntry({}, { encryption: seeded('e', 257) }));
  invalid('17 recovery keys', 'header.recovery', keyEntry({}, { recovery: recovery(17), threshold: 1 }));
  invalid('recovery key of 32 bytes', 'header.key', keyEntry({}, { recovery: [key.subarray(1)], threshold: 1 }));
  invalid('recovery key of small order', 'key.small-order', keyEntry({}, { recovery: [cat([1], IDENTITY)], threshold: 1 }));
  invalid('recovery keys without threshold', 'header.recovery', keyEntry({}, { recovery: recovery(2) }));
  invalid('threshold above the keys', 'header.recovery', keyEntry({}, { recovery: recovery(2), threshold: 3 }));
  invalid('threshold without keys', 'header.recovery', keyEntry({}, { threshold: 1 }));
  const before = predecessor('old.example/hanse', 9, H('old'));
  invalid('predecessor in a later entry', 'header.predecessor', keyEntry({}, { predecessor: before }), { index: 1 });
  invalid('predecessor with a bad origin', 'header.origin', keyEntry({}, { predecessor: predecessor('old.example', 9, H('old')) }), { index: 0 });
  invalid('predecessor of size 0', 'header.predecessor', keyEntry({}, { predecessor: cat(len(1, 'old.example/hanse'), len(3, H('old'))) }), { index: 0 });
  invalid('predecessor with a short root', 'header.predecessor', keyEntry({}, { predecessor: predecessor('old.example/hanse', 9, H('old').subarray(1)) }), { index: 0 });
  invalid('successor with a bad origin', 'header.origin', moved({ successor: successor('New.example/hanse', key) }));
  invalid('successor that is the feed itself', 'header.successor', moved({ successor: successor(ORIGIN, key) }));
  invalid('successor without key', 'header.key', moved({ successor: len(1, 'new.example/hanse') }));
  invalid('successor with a key of small order', 'key.small-order', moved({ successor: successor('new.example/hanse', cat([1], IDENTITY)) }));
  invalid('commitment to something without a payload', 'entry.commitment', withdraw(), { commitment: H('x') });
  invalid('commitment of zeros without a payload', 'entry.commitment', keyEntry(), { commitment: Buffer.alloc(32) });
  invalid('first entry is a PUT', 'entry.first', put(), { index: 0 });
  invalid('first entry is of an unknown operation', 'entry.first', put({ operation: 6 }), { index: 0 });
  valid('first entry is a KEY entry', keyEntry(), { index: 0, fields: { verifier_key: hex(key) } });
  const fill = (size) => cat(header(put()), len(13, Buffer.alloc(size - 32 - header(put()).length - 3, 1)));
  valid('entry of 1,024 bytes', fill(1024));
  invalid('entry of 1,025 bytes', 'entry.size', fill(1025));
  invalid('65 network ids make an entry too long', 'entry.size', shared({ networks: sortedNets(65) }));
  return list;
}

export const city = (name = 'City of Kitakyushu') => records.city(name);

export function payloads() {
  const salt = seeded('salt', 16);
  const list = [];
  const add = (verdict, name, content, { rule, head } = {}) => {
    const h = header(put({ payloadBytes: content.length, ...head }));
    list.push({ name, header: hex(h), payload: hex(content), verdict, ...(rule && { rule }) });
  };
  const record = city();
  const body = (content) => len(17, content);
  const wrap = (content) => payload(salt, content);
  add('VALID', 'PUBLIC', wrap(record));
  list[0].record = hex(record);
  add('VALID', 'NETWORK', payload(salt, record, 256), { head: { audience: 1, networks: [net(0)], kind: 0 } });
  add('VALID', 'NETWORK, padding of 0', payload(salt, cat(record, len(14, Buffer.alloc(236 - record.length - 2))), 256), { head: { audience: 1, networks: [net(0)], kind: 0 } });
  add('VALID', 'PARTIES is not opened', seeded('ciphertext', 256), { head: { audience: 2, networks: [net(0)], kind: 0 } });
  add('VALID', 'unknown field of a record', wrap(cat(record, num(14, 1))));
  add('VALID', 'unknown field inside a body', wrap(body(cat(len(2, 'JP'), num(2000, 1)))));
  const bad = (name, rule, content, head) => add('INVALID', name, content, { rule, head });
  bad('another size than the header says', 'payload.size', wrap(record), { payloadBytes: wrap(record).length + 1 });
  const lie = (delta) => { const out = Buffer.from(wrap(record)); out.writeUInt32BE(record.length + delta, 16); return out; };
  bad('record longer than the payload', 'payload.length', lie(1));
  bad('bytes behind the record', 'payload.padding', lie(-1));
  bad('record_bytes of 32 bits', 'payload.length', (() => { const out = lie(0); out.writeUInt32BE(0xffffffff, 16); return out; })());
  bad('padding though PUBLIC', 'payload.padding', payload(salt, record, 256));
  const network = { audience: 1, networks: [net(0)], kind: 0 };
  const dirty = Buffer.from(payload(salt, record, 256));
  dirty[dirty.length - 1] = 1;
  bad('padding that is not zero', 'payload.padding', dirty, network);
  bad('padding of 256 too many', 'payload.padding', cat(payload(salt, record, 256), Buffer.alloc(256)), network);
  bad('empty record', 'record.bodies', wrap(Buffer.alloc(0)));
  bad('no body', 'record.bodies', wrap(len(1, len(4, 'CC0-1.0'))));
  bad('no body, NETWORK', 'record.bodies', payload(salt, len(1, len(4, 'CC0-1.0')), 256), network);
  bad('body that is a number', 'record.type', wrap(num(2000, 1)));
  bad('record of another kind', 'record.kind', wrap(records.organisation('Agency')));
  bad('two bodies', 'record.bodies', wrap(cat(record, records.organisation('Agency'))));
  bad('a body that nobody knows beside', 'record.bodies', wrap(cat(record, len(2000, ''))));
  bad('one body twice', 'record.bodies', wrap(cat(record, record.subarray(record.indexOf(body('').subarray(0, 2))))));
  bad('not UTF-8', 'record.utf8', wrap(body(len(2, Buffer.from([0x4a, 0xff])))));
  bad('surrogate', 'record.utf8', wrap(body(len(2, Buffer.from([0xed, 0xa0, 0x80])))));
  bad('overlong', 'record.utf8', wrap(body(len(2, Buffer.from([0xe0, 0x80, 0xaf])))));
  bad('above U+10FFFF', 'record.utf8', wrap(body(len(2, Buffer.from([0xf4, 0x90, 0x80, 0x80])))));
  bad('NUL', 'record.nul', wrap(body(len(2, 'J\0'))));
  bad('deep NUL', 'record.nul', wrap(body(len(1, text('a\0b')))));
  bad('singular field twice', 'record.singular', wrap(body(cat(len(2, 'JP'), len(2, 'JP')))));
  bad('header twice', 'record.singular', wrap(cat(len(1, len(4, 'CC0-1.0')), len(1, len(4, 'CC0-1.0')), body(len(2, 'JP')))));
  bad('cut off', 'record.truncated', wrap(record.subarray(0, -1)));
  bad('field longer than its message', 'record.truncated', wrap(body(Buffer.from([0x12, 0x05, 0x4a]))));
  bad('group', 'record.wire-type', wrap(cat(record, [0x73, 0x74])));
  bad('field number 0', 'record.number', wrap(cat([0x00, 0x00], record)));
  bad('varint of 11 bytes', 'record.varint', wrap(cat(record, [0x70], Buffer.alloc(10, 0x80), [1])));
  return list;
}

export function manifests() {
  const list = [];
  const ok = (name, bytes, paths) => list.push({ name, manifest: hex(bytes), result: 'ok', segments: paths });
  const bad = (name, rule, bytes) => list.push({ name, manifest: hex(bytes), result: 'refused', rule });
  const s = (more) => segment({ entries: 5, size: 900, generation: 0xabcdefn, blocks: [block(0, 0)], ...more });
  const g = '0000000000abcdef';
  ok('no segment', manifest(), []);
  ok('one live segment', manifest(s()), [`hanse/public/0-${g}`]);
  ok('sealed and live', manifest(s({ sealed: true, blocks: [block(0, 0), block(2, 300)] }), s({ first: 5 })), [`hanse/public/0-${g}`, `hanse/public/5-${g}`]);
  ok('all sealed', manifest(s({ sealed: true })), [`hanse/public/0-${g}`]);
  ok('generation 0', manifest(s({ generation: 0 })), ['hanse/public/0-0000000000000000']);
  ok('largest generation', manifest(s({ generation: 2n ** 64n - 1n })), ['hanse/public/0-ffffffffffffffff']);
  ok('unknown fields', cat(manifest(cat(s(), num(7, 1))), num(3, 1)), [`hanse/public/0-${g}`]);
  bad('empty', 'manifest.version', Buffer.alloc(0));
  bad('version 2', 'manifest.version', cat(num(1, 2), len(2, s())));
  bad('not canonical', 'canonical.order', cat(len(2, s()), num(1, 1)));
  bad('trailing bytes', 'canonical.truncated', cat(manifest(s()), [0x1a]));
  bad('sealed of 2', 'canonical.range', manifest(cat(segment({ entries: 5, size: 900, generation: 1, blocks: [] }), num(5, 2), len(6, ''))));
  bad('gap', 'manifest.gap', manifest(s({ sealed: true }), s({ first: 6 })));
  bad('overlap', 'manifest.gap', manifest(s({ sealed: true }), s({ first: 4 })));
  bad('not from index 0', 'manifest.gap', manifest(s({ first: 1 })));
  bad('segment without entries', 'manifest.entries', manifest(s({ entries: 0 })));
  bad('empty segment', 'manifest.entries', cat(num(1, 1), len(2, '')));
  bad('segment without bytes', 'manifest.bytes', manifest(s({ size: 0 })));
  bad('segment over 64 MiB', 'manifest.bytes', manifest(s({ size: (64 << 20) + 1 })));
  bad('over 1 MiB', 'manifest.size', cat(manifest(s()), len(3, Buffer.alloc(1 << 20))));
  bad('ends at 2^63', 'manifest.entries', manifest(s({ sealed: true }), s({ first: 5, entries: 2n ** 63n - 5n })));
  bad('unsealed before the last', 'manifest.sealed', manifest(s(), s({ first: 5 })));
  bad('no block', 'manifest.blocks', manifest(s({ blocks: [] })));
  bad('no block at 0', 'manifest.blocks', manifest(s({ blocks: [block(1, 200)] })));
  bad('blocks that do not ascend', 'manifest.blocks', manifest(s({ blocks: [block(0, 0), block(3, 500), block(2, 600)] })));
  bad('blocks with one offset', 'manifest.blocks', manifest(s({ blocks: [block(0, 0), block(2, 500), block(3, 500)] })));
  bad('block behind the entries', 'manifest.blocks', manifest(s({ blocks: [block(0, 0), block(5, 500)] })));
  bad('block behind the bytes', 'manifest.blocks', manifest(s({ blocks: [block(0, 0), block(2, 900)] })));
  return list;
}

/** A chain of three keys and lies about it. */
export function keyChanges() {
  const keys = ['a', 'b', 'c'].map((name) => new Signer(name));
  const stranger = new Signer('stranger');
  const entry = (signer, more) => cat(NO_PAYLOAD, header(keyEntry({ key: keySet({ key: signer.typed }), ...more })));
  const filler = (n) => cat(NO_PAYLOAD, header(withdraw({ id: uuid(n) })));
  const tree = [entry(keys[0]), filler(1), filler(2), entry(keys[1]), filler(4), filler(5), entry(keys[2])];
  const link = (index, signers, more = {}) => {
    const all = more.tree ?? tree;
    const leaves = all.slice(0, index + 1).map(leaf);
    const size = more.size ?? index + 1;
    return keyChange({
      index: more.index ?? index, entry: more.entry ?? all[index], proof: more.proof ?? proofOf(index, leaves),
      checkpoint: more.checkpoint ?? note(checkpointText(size, more.root ?? rootOf(leaves), more.origin), ...signers),
    });
  };
  const first = link(3, [keys[0], keys[1]]), second = link(6, [keys[1], keys[2]]);
  const list = [];
  const ok = (name, known, files, result, joined = true) => list.push({
    name, origin: ORIGIN, key: known.vkey, files: files.map(hex), result: 'ok', newest: result.vkey, joined,
  });
  const bad = (name, rule, files, known = keys[0]) => list.push({ name, origin: ORIGIN, key: known.vkey, files: files.map(hex), result: 'refused', rule });
  ok('from the first key', keys[0], [first, second], keys[2]);
  ok('from the second key', keys[1], [first, second], keys[2]);
  ok('from the newest key', keys[2], [first, second], keys[2]);
  ok('from a key that is not in it', stranger, [first, second], stranger, false);
  ok('empty chain', keys[0], [], keys[0], false);
  const kept = [entry(keys[0]), filler(1), cat(NO_PAYLOAD, header(keyEntry({ key: keySet({ key: keys[0].typed, transport: new Signer('t').public }) })))];
  ok('same key again', keys[0], [link(2, [keys[0]], { tree: kept })], keys[0]);
  bad('signed by the old key only', 'chain.signature', [link(3, [keys[0]])]);
  bad('signed by the new key only', 'chain.signature', [first, link(6, [keys[2]])]);
  bad('second link skips a key', 'chain.signature', [first, link(6, [keys[0], keys[2]])]);
  bad('new signature is wrong', 'note.wrong', [link(3, [], { checkpoint: (() => {
    const body = checkpointText(4, rootOf(tree.slice(0, 4).map(leaf)));
    return cat(note(body, keys[0]), keys[1].line(`${body}x`));
  })() })]);
  bad('proof of another entry', 'chain.proof', [link(3, [keys[0], keys[1]], { proof: proofOf(2, tree.slice(0, 4).map(leaf)) })]);
  bad('proof too short', 'proof.form', [link(3, [keys[0], keys[1]], { proof: proofOf(3, tree.slice(0, 4).map(leaf)).slice(1) })]);
  bad('root of another tree', 'chain.proof', [link(3, [keys[0], keys[1]], { root: H('x') })]);
  bad('entry names another key', 'chain.proof', [link(3, [keys[0], keys[2]], { entry: entry(keys[2]) })]);
  bad('size is not index + 1', 'chain.size', [link(3, [keys[0], keys[1]], { size: 5 })]);
  bad('other origin', 'chain.origin', [link(3, [keys[0], keys[1]], { origin: 'other.example/hanse' })]);
  bad('entry is no KEY entry', 'chain.entry', [link(2, [keys[0]])]);
  const weak = [...tree.slice(0, 3), cat(NO_PAYLOAD, header(keyEntry({ key: keySet({ key: cat([1], IDENTITY) }) })))];
  bad('KEY entry is INVALID', 'chain.entry', [link(3, [keys[0]], { tree: weak })]);
  bad('entry shorter than a commitment', 'chain.entry', [link(3, [keys[0], keys[1]], { entry: Buffer.alloc(31, 1) })]);
  bad('64 hashes', 'chain.proof', [link(3, [keys[0], keys[1]], { proof: Array(64).fill(H('x')) })]);
  bad('index of 2^63 - 1', 'chain.index', [link(3, [keys[0], keys[1]], { index: 2n ** 63n - 1n })]);
  bad('over 256 KiB', 'chain.size', [cat(first, len(5, Buffer.alloc(256 << 10)))]);
  bad('index does not rise', 'chain.order', [first, first], keys[1]);
  bad('not canonical', 'canonical.order', [cat(first, num(1, 3))]);
  bad('cut off', 'canonical.truncated', [first.subarray(0, -1)]);
  return list;
}
