// SPDX-License-Identifier: Apache-2.0
// Ed25519: which public keys are refused (docs/protocol.md 1.2), and verification by node:crypto.
import { createPublicKey, verify } from 'node:crypto';
import { Failure } from './bytes.mjs';

const P = (1n << 255n) - 19n;
const mod = (a) => ((a % P) + P) % P;
function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}
const invert = (a) => power(a, P - 2n);
const D = mod(-121665n * invert(121666n));
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);

/** The point of a 32-byte encoding as {x, y}, or null where there is none or the encoding is not canonical. */
function decode(bytes) {
  let y = 0n;
  for (let i = 31; i >= 0; i--) y = (y << 8n) | BigInt(i === 31 ? bytes[i] & 0x7f : bytes[i]);
  const sign = BigInt(bytes[31] >> 7);
  if (y >= P) return null;
  const square = mod((y * y - 1n) * invert(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_1);
  if (mod(x * x) !== square) return null;
  if (x === 0n && sign) return null;
  return { x: (x & 1n) === sign ? x : mod(-x), y };
}

function double({ x, y }) {
  const xy = mod(x * y), t = mod(D * xy * xy);
  return { x: mod(2n * xy * invert(1n + t)), y: mod((y * y + x * x) * invert(1n - t)) };
}

/** Refuses what is no canonical encoding of a point, or a point of small order. */
export function checkPublicKey(bytes) {
  if (bytes.length !== 32) throw new Failure('key.length', `public key has ${bytes.length} bytes, not 32`);
  const point = decode(bytes);
  if (!point) throw new Failure('key.encoding', 'public key is no canonical encoding of a point');
  const eighth = double(double(double(point)));
  if (eighth.x === 0n && eighth.y === 1n) throw new Failure('key.small-order', 'public key is a point of small order');
}

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export function verifyEd25519(publicKey, message, signature) {
  if (signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
