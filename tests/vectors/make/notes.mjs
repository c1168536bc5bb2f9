// SPDX-License-Identifier: Apache-2.0
// Vectors of section 1: origins, verifier keys, notes, checkpoints, cosignatures, hashes and tiles.
import {
  cat, checkpointText, H, hex, leaf, note, proofOf, rootOf, seeded, Signer, sigline, TIME, tilePath,
} from './writer.mjs';

export function origins() {
  const good = {
    plain: 'city.example/hanse', short: 'a/b', port: 'city.example:8443/hanse', deep: 'a.b-c.example/x/y/z',
    punycode: 'xn--n8jaaaaai5bhf7as8fsfk3jnknefdde3fg11amb5gzdb4wi9bya3kc6lra.example/f', tilde: 'example/~a_b.c-d',
    'three dots': 'example/...', 'dot first': 'example/.well', digits: '127.0.0.1:1/0', longest: `example/${'a'.repeat(119)}`,
    'leading hyphen': '-example/f', 'port zero': 'example:0/f',
  };
  const bad = {
    empty: '', 'no path': 'city.example', 'empty segment': 'city.example/', 'double slash': 'city.example//x',
    'upper case': 'City.example/hanse', 'upper case in path': 'city.example/Hanse', scheme: 'https://city.example/hanse',
    dot: 'city.example/.', 'dot dot': 'city.example/a/../b', 'no host': '/hanse', 'port without digits': 'city.example:/hanse',
    'port with letters': 'city.example:8a/hanse', 'two ports': 'city.example:1:2/hanse', space: 'city.example/a b',
    plus: 'city.example/a+b', percent: 'city.example/%61', 'not ascii': 'st\u00e4dte.example/hanse', 'line feed': 'city.example/hanse\n',
    'underscore in host': 'a_b.example/hanse', 'tilde in host': '~a.example/hanse', 'too long': `example/${'a'.repeat(120)}`,
    user: 'me@city.example/hanse', 'nul in path': 'city.example/a\u0000',
  };
  return [...Object.entries(good).map(([name, origin]) => ({ name, origin, result: 'ok' })),
    ...Object.entries(bad).map(([name, origin]) => ({ name, origin, result: 'refused' }))];
}

// RFC 8032: encodings of the points of small order, with those that are not canonical.
const P = (1n << 255n) - 19n;
const little = (value, sign = 0) => {
  const out = Buffer.alloc(32);
  for (let i = 0, rest = value; i < 32; i++, rest >>= 8n) out[i] = Number(rest & 0xffn);
  out[31] |= sign << 7;
  return out;
};
const ORDER_8 = Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex');
const ORDER_8_B = Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex');
const signed = (point) => { const out = Buffer.from(point); out[31] |= 0x80; return out; };
export const IDENTITY = little(1n);

const vkeyOf = (name, typed, id = H(name, '\n', typed).subarray(0, 4)) => `${name}+${hex(id)}+${Buffer.from(typed).toString('base64')}`;

export function vkeys() {
  const a = new Signer('a'), witness = new Signer('witness', 'witness.example/w', 4);
  const ok = (name, vkey, type, publicKey) => ({ name, vkey, result: 'ok', type, public_key: hex(publicKey) });
  const refused = (name, rule, vkey) => ({ name, vkey, result: 'refused', rule });
  const point = (name, rule, encoding) => refused(name, rule, vkeyOf(a.name, cat([1], encoding)));
  const spaced = (text) => vkeyOf(text, a.typed);
  const [base] = a.vkey.split('+').slice(2);
  return [
    ok('Ed25519', a.vkey, 1, a.public),
    ok('cosignature', witness.vkey, 4, witness.public),
    ok('of the C2SP specification', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 1,
      Buffer.from('e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4', 'hex')),
    ok('base64 with plus', plusKey().vkey, 1, plusKey().public),
    refused('no plus', 'vkey.form', a.name),
    refused('one plus', 'vkey.form', `${a.name}+${hex(a.id)}`),
    refused('empty name', 'vkey.name', vkeyOf('', a.typed)),
    ok('name of 127 bytes', vkeyOf('n'.repeat(127), a.typed), 1, a.public),
    refused('name of 128 bytes', 'vkey.name', vkeyOf('n'.repeat(128), a.typed)),
    refused('no-break space in name', 'vkey.name', spaced('a\u00a0b')),
    refused('ideographic space in name', 'vkey.name', spaced('a\u3000b')),
    refused('space in name', 'vkey.name', spaced('a b')),
    refused('tab in name', 'vkey.name', spaced('a\tb')),
    refused('id of another key', 'vkey.id', vkeyOf(a.name, a.typed, H('x').subarray(0, 4))),
    refused('upper case id', 'vkey.id', a.vkey.replace(hex(a.id), hex(a.id).toUpperCase())),
    refused('short id', 'vkey.id', a.vkey.replace(hex(a.id), hex(a.id).slice(1))),
    refused('not base64', 'vkey.base64', a.vkey.replace(base, `*${base.slice(1)}`)),
    refused('padding that is not needed', 'vkey.base64', `${a.vkey}=`),
    refused('white space behind', 'vkey.base64', `${a.vkey}\n`),
    refused('no key', 'vkey.base64', `${a.name}+${hex(a.id)}+`),
    refused('unknown type', 'vkey.type', vkeyOf(a.name, cat([2], a.public))),
    refused('31 bytes', 'vkey.length', vkeyOf(a.name, a.typed.subarray(0, 32))),
    refused('33 bytes', 'vkey.length', vkeyOf(a.name, cat(a.typed, [0]))),
    point('identity', 'key.small-order', IDENTITY),
    point('order 2', 'key.small-order', little(P - 1n)),
    point('order 4', 'key.small-order', little(0n)),
    point('order 4, negative', 'key.small-order', little(0n, 1)),
    point('order 8', 'key.small-order', ORDER_8),
    point('order 8, negative', 'key.small-order', signed(ORDER_8)),
    point('order 8, other', 'key.small-order', ORDER_8_B),
    point('order 8, other, negative', 'key.small-order', signed(ORDER_8_B)),
    point('identity, negative zero', 'key.encoding', little(1n, 1)),
    point('order 2, negative zero', 'key.encoding', little(P - 1n, 1)),
    point('zero as p', 'key.encoding', little(P)),
    point('one as p + 1', 'key.encoding', little(P + 1n)),
    point('y of all ones', 'key.encoding', little((1n << 255n) - 1n)),
    point('not on the curve', 'key.encoding', little(2n)),
  ];
}

/** A key whose base64 has a "+", so that a split at every plus fails. */
export function plusKey() {
  for (let i = 0; ; i++) {
    const key = new Signer(`plus ${i}`);
    if (key.typed.toString('base64').includes('+')) return key;
  }
}

export function notes() {
  const a = new Signer('a'), b = new Signer('b'), stranger = new Signer('stranger'), named = new Signer('a', 'other.example/x');
  const witness = new Signer('witness', 'witness.example/w', 4);
  const root = H('root');
  const text = checkpointText(7, root);
  const good = note(text, a);
  const keys = [a.vkey, b.vkey];
  const ok = (name, bytes, signers, more = {}) => ({ name, keys: more.keys ?? keys, note: hex(bytes), result: 'ok', text: hex(Buffer.from(more.text ?? text)), signers });
  const refused = (name, rule, bytes, known = keys) => ({ name, keys: known, note: hex(bytes), result: 'refused', rule });
  const lineOf = (id, signature, name = a.name) => sigline(name, id, signature);
  const broken = Buffer.from(a.sign(text));
  broken[5] ^= 1;
  const many = (count) => cat(text, '\n', Array.from({ length: count }, (_, i) => sigline('w.example/w', H(`${i}`).subarray(0, 4), H(`${i}`))), a.line(text));
  const example = 'This is an example message.\n';
  const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
  const double = `first\n\n\u2014 no signature\n\nlast\n`;
  const filler = (size) => {
    const line = 'x'.repeat(size - Buffer.byteLength(note('\n', a)));
    return note(`${line}\n`, a);
  };
  return [
    ok('one signature', good, [a.vkey]),
    ok('two signatures', note(text, a, b), [a.vkey, b.vkey]),
    ok('unknown signature beside', note(text, stranger, a), [a.vkey]),
    ok('same key under another name is unknown', note(text, a, named), [a.vkey]),
    ok('same name with another id is unknown', cat(note(text, a), lineOf(H('id').subarray(0, 4), seeded('sig', 64))), [a.vkey]),
    ok('unknown signature twice', note(text, stranger, stranger, a), [a.vkey]),
    ok('unknown signature of another length', cat(text, '\n', lineOf(H('id').subarray(0, 4), seeded('sig', 9)), a.line(text)), [a.vkey]),
    ok('cosignature beside', cat(good, witness.cosign(text, TIME)), [a.vkey, witness.vkey], { keys: [a.vkey, witness.vkey] }),
    ok('100 signatures', many(99), [a.vkey]),
    ok('text with empty lines', note(double, a), [a.vkey], { text: double }),
    ok('shortest text', note('\n', a), [a.vkey], { text: '\n' }),
    ok('of the C2SP specification', cat(example, '\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'),
      [exampleKey], { keys: [exampleKey], text: example }),
    ok('64 KiB', filler(65536), [a.vkey], { text: `${'x'.repeat(65536 - Buffer.byteLength(note('\n', a)))}\n` }),
    refused('over 64 KiB', 'note.size', filler(65537)),
    refused('empty', 'note.split', Buffer.alloc(0)),
    refused('no empty line', 'note.split', cat(text, a.line(text))),
    refused('no signature', 'note.line', cat(text, '\n')),
    refused('no line feed at the end', 'note.line', good.subarray(0, -1)),
    refused('carriage return', 'note.control', cat(text.replace('\n', '\r\n'), '\n', a.line(text))),
    refused('NUL', 'note.control', note('a\0b\n', a)),
    refused('not UTF-8', 'note.utf8', cat('a', [0xff], '\n\n', a.line(cat('a', [0xff], '\n')))),
    refused('surrogate as UTF-8', 'note.utf8', cat('a', [0xed, 0xa0, 0x80], '\n\n', a.line(cat('a', [0xed, 0xa0, 0x80], '\n')))),
    refused('overlong UTF-8', 'note.utf8', cat('a', [0xc0, 0xaf], '\n\n', a.line(cat('a', [0xc0, 0xaf], '\n')))),
    refused('hyphen for the dash', 'note.line', cat(text, '\n', a.line(text).replace('\u2014', '-'))),
    refused('two spaces', 'note.line', cat(text, '\n', a.line(text).replace('\u2014 ', '\u2014  '))),
    refused('text behind the signature', 'note.line', cat(text, '\n', a.line(text).replace(/\n$/, ' x\n'))),
    ok('unknown name of 128 bytes', cat(good, lineOf(H('id').subarray(0, 4), seeded('sig', 64), 'n'.repeat(128))), [a.vkey]),
    refused('no-break space in a name', 'note.line', cat(good, lineOf(H('id').subarray(0, 4), seeded('sig', 64), 'a\u00a0b'))),
    refused('plus in a name', 'note.line', cat(good, lineOf(H('id').subarray(0, 4), seeded('sig', 64), 'a+b'))),
    refused('bad base64', 'note.base64', cat(good, '\u2014 w.example/w A?==\n')),
    refused('base64 without padding', 'note.base64', cat(text, '\n', sigline(a.name, a.id, seeded('sig', 64)).replace(/=+\n/, '\n'), a.line(text))),
    refused('spare bits of base64', 'note.base64', cat(good, '\u2014 w.example/w AAAAAAB=\n'.replace('AAAAAAB=', 'AAAAAAAAAAB='))),
    refused('key id and nothing', 'note.base64', cat(good, lineOf(H('id').subarray(0, 4), Buffer.alloc(0), 'w.example/w'))),
    refused('101 signatures', 'note.count', many(100)),
    refused('wrong signature', 'note.wrong', cat(text, '\n', lineOf(a.id, broken))),
    refused('wrong signature beside a good one', 'note.wrong', cat(note(text, b), lineOf(a.id, broken))),
    refused('signature of another text', 'note.wrong', cat(text.replace('7', '8'), '\n', a.line(text))),
    refused('known signature of another length', 'note.wrong', cat(text, '\n', lineOf(a.id, a.sign(text).subarray(0, 63)))),
    refused('known signature twice', 'note.twice', note(text, a, a)),
    refused('known signature twice, one wrong', 'note.twice', cat(note(text, a), lineOf(a.id, broken))),
    refused('cosignature for a signature', 'note.unknown', cat(text, '\n', witness.cosign(text, TIME))),
    refused('wrong cosignature', 'note.wrong', cat(good, witness.cosign(checkpointText(8, root), TIME)), [a.vkey, witness.vkey]),
    refused('known cosignature of another length', 'note.wrong', cat(good, sigline(witness.name, witness.id, seeded('sig', 64))), [a.vkey, witness.vkey]),
    refused('no known key', 'note.unknown', note(text, stranger)),
    refused('no key known', 'note.unknown', good, []),
  ];
}

export function checkpoints() {
  const root = H('root');
  const line = root.toString('base64');
  const ok = (name, text, size, hash) => ({ name, text: hex(text), result: 'ok', origin: 'city.example/hanse', size, root: hex(hash) });
  const refused = (name, text, rule = 'checkpoint.form') => ({ name, text: hex(text), result: 'refused', rule });
  const o = 'city.example/hanse';
  return [
    ok('plain', Buffer.from(`${o}\n7\n${line}\n`), '7', root),
    ok('empty tree', Buffer.from(`${o}\n0\n${H('').toString('base64')}\n`), '0', H('')),
    ok('largest', Buffer.from(`${o}\n9223372036854775807\n${line}\n`), '9223372036854775807', root),
    refused('two lines', Buffer.from(`${o}\n7\n`)),
    refused('four lines', Buffer.from(`${o}\n7\n${line}\nextension\n`)),
    refused('no line feed at the end', Buffer.from(`${o}\n7\n${line}`)),
    refused('leading zero', Buffer.from(`${o}\n07\n${line}\n`)),
    refused('sign', Buffer.from(`${o}\n+7\n${line}\n`)),
    refused('size of 2^63', Buffer.from(`${o}\n9223372036854775808\n${line}\n`)),
    refused('size of 2^64 + 7', Buffer.from(`${o}\n18446744073709551623\n${line}\n`)),
    refused('no size', Buffer.from(`${o}\n\n${line}\n`)),
    refused('hex root', Buffer.from(`${o}\n7\n${hex(root)}\n`)),
    refused('root of 31 bytes', Buffer.from(`${o}\n7\n${root.subarray(1).toString('base64')}\n`)),
    refused('spare bits in the root', Buffer.from(`${o}\n7\n${line.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`)}\n`)),
    refused('space behind the root', Buffer.from(`${o}\n7\n${line} \n`)),
    refused('bad origin', Buffer.from(`City.example/hanse\n7\n${line}\n`), 'checkpoint.origin'),
  ];
}

export function cosignatures() {
  const text = checkpointText(7, H('root'));
  const witness = new Signer('witness', 'witness.example/w', 4);
  const make = (name, time, more = {}) => ({
    name, vkey: witness.vkey, text, time: String(time), signed: hex(cat(`cosignature/v1\ntime ${time}\n`, text)),
    line: witness.cosign(text, time), result: 'ok', ...more,
  });
  const moved = cat(text, '\n', witness.cosign(text, TIME));
  const other = make('time changed', TIME);
  const line = /^\u2014 (\S+) (\S+)\n$/u.exec(other.line);
  const blob = Buffer.from(line[2], 'base64');
  blob[11] ^= 1;
  return [
    make('now', TIME), make('time 0', 0),
    { ...other, line: `\u2014 ${line[1]} ${blob.toString('base64')}\n`, time: String(TIME ^ 1), result: 'refused', rule: 'note.wrong' },
    { ...make('another text', TIME), text: checkpointText(8, H('root')), result: 'refused', rule: 'note.wrong' },
    { ...make('as part of a note', TIME), note: hex(moved) },
  ];
}

export function trees() {
  const leaves = Array.from({ length: 9 }, (_, i) => Buffer.from(`entry ${i}`));
  const hashes = leaves.map(leaf);
  const roots = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((size) => ({ name: `root of ${size}`, entries: leaves.slice(0, size).map(hex), root: hex(rootOf(hashes.slice(0, size))) }));
  const proof = (name, index, size, more = {}) => {
    const path = proofOf(index, hashes.slice(0, size));
    return {
      name, leaf: hex(hashes[index]), index: String(index), size: String(size), root: hex(rootOf(hashes.slice(0, size))),
      proof: (more.change ? more.change(path) : path).map(hex), result: more.change || more.lie ? 'refused' : 'ok', ...more.lie,
    };
  };
  const proofs = [
    ...[[0, 1], [0, 2], [1, 2], [0, 9], [8, 9], [4, 7], [6, 7], [3, 8]].map(([i, n]) => proof(`${i} of ${n}`, i, n)),
    proof('hash missing', 3, 8, { change: (path) => path.slice(0, -1) }),
    proof('hash too many', 3, 8, { change: (path) => [...path, H('x')] }),
    proof('other hash', 3, 8, { change: (path) => [path[0], H('x'), path[2]] }),
    proof('other order', 3, 8, { change: (path) => [path[1], path[0], path[2]] }),
    proof('short hash', 3, 8, { change: (path) => [path[0].subarray(1), ...path.slice(1)] }),
    proof('other index', 3, 8, { lie: { index: '2' } }),
    proof('index not below size', 3, 8, { lie: { index: '8' } }),
    proof('empty tree', 0, 1, { lie: { size: '0' } }),
  ];
  const tiles = [[0, 0, 256], [0, 0, 1], [0, 999, 256], [0, 1000, 255], [3, 1234067, 256], [63, 5, 17], ['entries', 1234067, 8], ['entries', 12, 256]]
    .map(([level, number, width]) => ({ level, number, width, path: tilePath(level, number, width) }));
  return { roots, proofs, tiles };
}
