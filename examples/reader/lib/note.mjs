// SPDX-License-Identifier: Apache-2.0
// Origins, verifier keys, signed notes, checkpoints and cosignatures (docs/protocol.md 1.1 to 1.4).
import { base64, decimal, Failure, LIMITS, sha256, utf8 } from './bytes.mjs';
import { checkPublicKey, verifyEd25519 } from './curve.mjs';

export const ED25519 = 0x01, COSIGNATURE = 0x04;

export function isOrigin(text) {
  return text.length <= LIMITS.origin && /^[a-z0-9.-]+(?::[0-9]+)?(?:\/(?!\.{1,2}(?:\/|$))[a-z0-9._~-]+)+$/.test(text);
}

export function keyId(name, type, publicKey) {
  return sha256(name, Buffer.from([0x0a, type]), publicKey).subarray(0, 4);
}

/** A key as notes know it. Refuses unusable public keys. */
export function makeKey(name, type, publicKey) {
  checkPublicKey(publicKey);
  return { name, type, publicKey, id: keyId(name, type, publicKey) };
}

const badName = (name) => name === '' || /[\s+\u0085]/u.test(name);

/** name+hex+base64, split at the first two "+". */
export function parseVkey(text) {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(text);
  if (!parts) throw new Failure('vkey.form', 'verifier key is not name+id+key');
  const [, name, id, coded] = parts;
  if (badName(name) || Buffer.byteLength(name) > LIMITS.origin) throw new Failure('vkey.name', 'name of the verifier key is empty, too long or has white space');
  if (!/^[0-9a-f]{8}$/.test(id)) throw new Failure('vkey.id', 'key id is not 8 lower case hex digits');
  const bytes = base64(coded);
  if (!bytes || bytes.length < 1) throw new Failure('vkey.base64', 'verifier key is not base64');
  const type = bytes[0], publicKey = bytes.subarray(1);
  if (type !== ED25519 && type !== COSIGNATURE) throw new Failure('vkey.type', `verifier key has type ${type}`);
  if (publicKey.length !== 32) throw new Failure('vkey.length', `public key has ${publicKey.length} bytes, not 32`);
  if (keyId(name, type, publicKey).toString('hex') !== id) throw new Failure('vkey.id', 'key id is not that of the key');
  return makeKey(name, type, publicKey);
}

export const formatVkey = (key) =>
  `${key.name}+${key.id.toString('hex')}+${Buffer.concat([Buffer.from([key.type]), key.publicKey]).toString('base64')}`;

/** The text of a note and its signature lines; nothing is verified yet. */
export function parseNote(bytes) {
  const fail = (rule, message, offset = -1) => { throw new Failure(`note.${rule}`, message, { offset }); };
  if (bytes.length > LIMITS.note) fail('size', `note has ${bytes.length} bytes`);
  if (utf8(bytes) === null) fail('utf8', 'note is not UTF-8');
  const control = bytes.findIndex((byte) => byte < 0x20 && byte !== 0x0a);
  if (control >= 0) fail('control', 'note has a control character', control);
  const split = bytes.lastIndexOf('\n\n');
  if (split < 0) fail('split', 'note has no empty line before its signatures');
  const text = bytes.subarray(0, split + 1);
  const tail = utf8(bytes.subarray(split + 2));
  if (!tail.endsWith('\n')) fail('line', 'note does not end with a line of a signature', split + 2);
  const lines = tail.slice(0, -1).split('\n');
  if (lines.length > LIMITS.signatures) fail('count', `note has ${lines.length} signatures`);
  let offset = split + 2;
  const signatures = lines.map((line) => {
    const parts = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
    if (!parts || badName(parts[1])) fail('line', 'line is no signature', offset);
    const coded = base64(parts[2]);
    if (!coded || coded.length < 5) fail('base64', 'signature is not base64 of a key id and a signature', offset);
    offset += Buffer.byteLength(line) + 1;
    return { name: parts[1], id: coded.subarray(0, 4), signature: coded.subarray(4), line };
  });
  return { text, signatures };
}

const isOf = (signature, key) => signature.name === key.name && signature.id.equals(key.id);

export function cosignedMessage(time, text) {
  return Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time}\n`), text]);
}

function verifyOne(key, text, signature) {
  if (key.type === ED25519) return verifyEd25519(key.publicKey, text, signature);
  if (signature.length !== 72) return false;
  return verifyEd25519(key.publicKey, cosignedMessage(signature.readBigUInt64BE(0), text), signature.subarray(8));
}

/** The keys of `keys` that signed. Refuses a wrong or repeated signature of one of them. */
export function signersOf(note, keys) {
  const signers = [];
  for (const key of keys) {
    const own = note.signatures.filter((signature) => isOf(signature, key));
    if (own.length > 1) throw new Failure('note.twice', `key "${formatVkey(key)}" signed twice`);
    if (own.length === 0) continue;
    if (!verifyOne(key, note.text, own[0].signature)) {
      throw new Failure('note.wrong', `signature of "${formatVkey(key)}" is wrong`);
    }
    signers.push(key);
  }
  return signers;
}

/** Time of a cosignature by `key`, in seconds since 1970, or null where there is none. */
export function cosignatureTime(note, key) {
  const own = note.signatures.find((signature) => isOf(signature, key));
  return own && own.signature.length === 72 ? own.signature.readBigUInt64BE(0) : null;
}

export function openNote(bytes, keys) {
  const note = parseNote(bytes);
  const signers = signersOf(note, keys);
  if (!signers.length) throw new Failure('note.unknown', 'no known key signed the note');
  return { ...note, signers };
}

/** Origin, size and root of a note's text. */
export function parseCheckpoint(text) {
  const fail = (message) => { throw new Failure('checkpoint.form', message); };
  const lines = utf8(text).split('\n');
  if (lines.length !== 4 || lines[3] !== '') fail('checkpoint is not exactly three lines');
  if (!isOrigin(lines[0])) throw new Failure('checkpoint.origin', `"${lines[0]}" is no origin`);
  const size = decimal(lines[1]);
  if (size === null) fail(`"${lines[1]}" is no size`);
  const root = base64(lines[2]);
  if (!root || root.length !== 32) fail(`"${lines[2]}" is no root`);
  return { origin: lines[0], size, root };
}
