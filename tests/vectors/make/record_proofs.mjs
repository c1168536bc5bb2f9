// SPDX-License-Identifier: Apache-2.0
// Vectors of section 2.8: proofs of one revision of a record.
import { erase, keyEntry, NO_PAYLOAD, put, withdraw } from './entries.mjs';
import { putEntry } from './frames.mjs';
import {
  cat, checkpointText, H, header, hex, keyChange, keySet, leaf, note, ORIGIN, proofOf, range, records, rootOf, seeded, Signer, TIME, uuid,
  varint,
} from './writer.mjs';

const A = new Signer('a'), B = new Signer('b'), C = new Signer('c'), STRANGER = new Signer('stranger');
const part = (content) => cat(varint(content.length), content);
const keyed = (signer) => cat(NO_PAYLOAD, header(keyEntry({ key: keySet({ key: signer.typed }) })));
const entryOf = ({ header: head, payload }) => cat(H(payload), head);

const kept = putEntry(101, records.city('Kitakyushu'));
const noKind = { ...kept, header: header(put({ id: uuid(104), kind: 5000000, payloadBytes: kept.payload.length })) };
const lying = putEntry(105, records.organisation('Agency'));
/** Keys change at 3 and at 6. */
const TREE = [
  keyed(A), entryOf(kept), cat(NO_PAYLOAD, header(withdraw({ id: uuid(102) }))), keyed(B), entryOf(putEntry(103)), entryOf(noKind), keyed(C),
  entryOf(lying), cat(NO_PAYLOAD, header(erase({ published: TIME, erased: [range(1, 1)] }))),
];
const leavesOf = (size) => TREE.slice(0, size).map(leaf);
const link = (index, ...signers) => keyChange({
  index, entry: TREE[index], proof: proofOf(index, leavesOf(index + 1)),
  checkpoint: note(checkpointText(index + 1, rootOf(leavesOf(index + 1))), ...signers),
});
const FIRST = link(3, A, B), SECOND = link(6, B, C);

const extraOf = ({ magic = 0xf2, revision = 1, entry, payload = Buffer.alloc(0), changes = [], behind = Buffer.alloc(0), check }) => {
  const before = cat([magic], varint(revision), part(entry), part(payload), varint(changes.length), changes.map(part), behind);
  return cat(before, check ?? H(before).subarray(0, 8));
};
/** The text; each part may be a lie. */
function proof({ index = 1, size = 3, root, signers = [A], origin = ORIGIN, hashes, extra, checkpoint, first, ...more }) {
  const data = extra ?? extraOf({ entry: TREE[index], ...more });
  const lines = (hashes ?? proofOf(index, leavesOf(size))).map((hash) => `${hash.toString('base64')}\n`);
  return cat(first ?? 'c2sp.org/tlog-proof@v1\n', `extra ${data.toString('base64')}\nindex ${index}\n`, lines, '\n',
    checkpoint ?? note(checkpointText(size, root ?? rootOf(leavesOf(size)), origin), ...signers));
}

export function recordProofs() {
  const list = [];
  const ok = (name, key, parts, expect = {}) => {
    const { index = 1, size = 3, revision = 1, payload } = parts;
    list.push({
      name, key: key.vkey, proof: hex(proof(parts)), result: 'ok', index: String(index), size: String(size), revision: String(revision),
      record_id: hex(uuid(expect.id ?? 101)), withdrawn: expect.withdrawn ?? false, signed_by: (expect.by ?? key).vkey,
      record: payload ? hex(payload.subarray(20)) : '',
    });
  };
  const bad = (name, rule, bytes, key = A) => list.push({ name, key: key.vkey, proof: hex(bytes), result: 'refused', rule });
  const whole = { payload: kept.payload };
  const all = { ...whole, size: 9, signers: [C], changes: [FIRST, SECOND] };

  ok('record', A, whole);
  ok('third revision', A, { ...whole, revision: 3 });
  ok('without its content', A, {});
  ok('withdrawal', A, { index: 2 }, { id: 102, withdrawn: true });
  ok('from the first key', A, all, { by: C });
  ok('from the second key', B, all, { by: C });
  ok('from the newest key', C, all);
  ok('newest key, no key changes', C, { ...all, changes: [] });
  ok('checkpoint of the key change', A, { ...whole, size: 7, signers: [B, C], changes: [FIRST, SECOND] }, { by: C });
  ok('known key is not in the chain', STRANGER, { ...all, signers: [C, STRANGER] });

  bad('empty', 'record-proof.form', Buffer.alloc(0));
  bad('another version', 'record-proof.form', proof({ ...whole, first: 'c2sp.org/tlog-proof@v2\n' }));
  bad('no extra data', 'record-proof.extra', Buffer.from(proof(whole).toString('latin1').replace(/extra .*\n/, ''), 'latin1'));
  bad('extra data of something else', 'record-proof.extra', proof({ ...whole, magic: 0xf3 }));
  bad('extra data of 8 bytes', 'record-proof.extra', proof({ extra: Buffer.alloc(8, 0xf2) }));
  bad('no empty line', 'record-proof.form', proof({ checkpoint: Buffer.alloc(0) }).subarray(0, -1));
  bad('hash of 31 bytes', 'record-proof.form', proof({ ...whole, hashes: [H('x').subarray(1)] }));
  bad('64 hashes', 'record-proof.form', proof({ ...whole, hashes: Array(64).fill(H('x')) }));
  bad('wrong check', 'record-proof.check', proof({ ...whole, check: Buffer.alloc(8) }));
  bad('something behind the parts', 'record-proof.extra', proof({ ...whole, behind: Buffer.alloc(1) }));
  bad('revision 0', 'record-proof.extra', proof({ ...whole, revision: 0 }));
  bad('entry of 31 bytes', 'record-proof.extra', proof({ entry: Buffer.alloc(31) }));
  bad('parts cut off', 'record-proof.truncated', proof({ extra: ((b) => cat(b, H(b).subarray(0, 8)))(cat([0xf2, 1, 40], Buffer.alloc(39))) }));
  bad('1,025 key changes', 'record-proof.size', proof({ ...whole, changes: Array(1025).fill(Buffer.alloc(0)) }));
  bad('something behind the note', 'note.line', cat(proof(whole), 'x'));
  bad('wrong signature', 'note.wrong', proof({ ...whole, checkpoint: cat(checkpointText(3, rootOf(leavesOf(3))), '\n', A.line('x\n')) }));
  bad('signed by a stranger', 'note.unknown', proof({ ...whole, signers: [STRANGER] }));
  bad('another origin', 'checkpoint.origin', proof({ ...whole, origin: 'city.example/other' }));
  bad('old key behind its change', 'note.unknown', proof({ ...all, signers: [A] }));
  bad('old key, no way to the new one', 'note.unknown', proof({ ...all, changes: [] }));
  bad('link left out', 'note.unknown', proof({ ...all, changes: [SECOND] }));
  bad('wrong link', 'chain.signature', proof({ ...all, changes: [link(3, A), SECOND] }));
  bad('key change beyond the checkpoint', 'record-proof.keys', proof({ ...whole, size: 3, signers: [A, B], changes: [FIRST] }));
  bad('change signed by the new key alone', 'record-proof.keys', proof({ ...whole, size: 4, signers: [B], changes: [FIRST] }));
  bad('root of another tree', 'record-proof.root', proof({ ...whole, root: H('x') }));
  bad('hash too many', 'proof.form', proof({ ...whole, hashes: [...proofOf(1, leavesOf(3)), H('x')] }));
  bad('index not below the size', 'proof.form', proof({ ...whole, size: 1, hashes: [] }));
  bad('entry of another index', 'record-proof.root', proof({ ...whole, entry: TREE[2] }));
  bad('content of another record', 'record-proof.commitment', proof({ payload: putEntry(103).payload }));
  bad('content of a withdrawal', 'record-proof.commitment', proof({ index: 2, payload: kept.payload }));
  bad('KEY entry', 'record-proof.operation', proof({ index: 0, entry: TREE[0] }));
  bad('ERASE entry', 'record-proof.operation', proof({ ...all, index: 8, payload: undefined }));
  bad('unknown kind', 'unknown.kind', proof({ ...all, index: 5 }));
  bad('content of another kind', 'record.kind', proof({ ...all, index: 7, payload: lying.payload }));
  bad('salt changed', 'record-proof.commitment', proof({ payload: cat(seeded('salt', 16), kept.payload.subarray(16)) }));
  return list;
}
