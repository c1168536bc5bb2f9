// SPDX-License-Identifier: Apache-2.0
// Hashes of RFC 6962, inclusion proofs, and the tiles of a tree (docs/protocol.md 1.3 and 1.5).
import { Failure, LIMITS, sha256 } from './bytes.mjs';

const LEAF = Buffer.from([0]), NODE = Buffer.from([1]);
export const leafHash = (entry) => sha256(LEAF, entry);
export const nodeHash = (left, right) => sha256(NODE, left, right);

/** Root over hashes of equal subtrees, leaves or higher. */
export function rootOf(hashes) {
  if (hashes.length === 0) return sha256();
  const edge = []; // perfect subtrees from large to small
  hashes.forEach((hash, index) => {
    let node = hash;
    for (let i = index; i & 1; i = Math.floor(i / 2)) node = nodeHash(edge.pop(), node);
    edge.push(node);
  });
  return edge.reduceRight((right, left) => nodeHash(left, right));
}

/** RFC 9162 section 2.1.3.2: the root that a proof leads to. */
export function rootFromProof(leaf, index, size, proof) {
  const fail = (message) => { throw new Failure('proof.form', message); };
  if (index >= size) fail('index is not below the size');
  if (proof.length > LIMITS.proof) fail(`proof has ${proof.length} hashes`);
  let fn = index, sn = size - 1n, root = leaf;
  for (const hash of proof) {
    if (hash.length !== 32) fail('hash of the proof has not 32 bytes');
    if (sn === 0n) fail('proof is too long');
    if ((fn & 1n) || fn === sn) {
      root = nodeHash(hash, root);
      while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else {
      root = nodeHash(root, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) fail('proof is too short');
  return root;
}

export function tilePath(level, number, width = 256) {
  let rest = Math.floor(number / 1000);
  let path = String(number % 1000).padStart(3, '0');
  for (; rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width === 256 ? '' : `.p/${width}`}`;
}

/** All hash tiles of a tree: [{path, bytes}], levels ascending. */
export function tilesOf(leaves) {
  const tiles = [];
  for (let level = 0, hashes = leaves; hashes.length > 0; level++) {
    const above = [];
    for (let n = 0; n * 256 < hashes.length; n++) {
      const group = hashes.slice(n * 256, n * 256 + 256);
      tiles.push({ path: tilePath(level, n, group.length), bytes: Buffer.concat(group) });
      if (group.length === 256) above.push(rootOf(group));
    }
    hashes = above;
  }
  return tiles;
}

/** All entry bundles. */
export function bundlesOf(entries) {
  const bundles = [];
  for (let n = 0; n * 256 < entries.length; n++) {
    const group = entries.slice(n * 256, n * 256 + 256);
    const parts = group.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    });
    bundles.push({ path: tilePath('entries', n, group.length), bytes: Buffer.concat(parts) });
  }
  return bundles;
}
