// SPDX-License-Identifier: Apache-2.0
// A small deflate (RFC 1951, one block with fixed codes) that gives the same bytes everywhere: builds of zlib differ.

const LENGTHS = [], DISTANCES = []; // [base, extra bits] by code
for (let code = 0, base = 3; code < 28; code++) {
  const extra = code < 8 ? 0 : (code >> 2) - 1;
  LENGTHS.push([base, extra]);
  base += 1 << extra;
}
LENGTHS.push([258, 0]);
for (let code = 0, base = 1; code < 30; code++) {
  const extra = code < 4 ? 0 : (code >> 1) - 1;
  DISTANCES.push([base, extra]);
  base += 1 << extra;
}

class BitWriter {
  constructor() { Object.assign(this, { bytes: [], word: 0, bits: 0 }); }
  put(value, count) {
    for (let i = 0; i < count; i++) {
      this.word |= ((value >> i) & 1) << this.bits;
      if (++this.bits === 8) {
        this.bytes.push(this.word);
        this.word = this.bits = 0;
      }
    }
  }
  /** Huffman codes stand with their highest bit first. */
  code(value, count) {
    for (let i = count - 1; i >= 0; i--) this.put((value >> i) & 1, 1);
  }
  end() {
    if (this.bits) this.bytes.push(this.word);
    return Buffer.from(this.bytes);
  }
}

function putSymbol(out, symbol) {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function putCoded(out, table, value, putCode) {
  let code = table.length - 1;
  while (table[code][0] > value) code--;
  putCode(code);
  out.put(value - table[code][0], table[code][1]);
}

export function deflate(body, dictionary = Buffer.alloc(0)) {
  const data = Buffer.concat([dictionary, body]);
  const heads = new Map(), previous = new Int32Array(data.length).fill(-1);
  const hash = (i) => (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  const remember = (i) => {
    if (i + 2 >= data.length) return;
    previous[i] = heads.get(hash(i)) ?? -1;
    heads.set(hash(i), i);
  };
  const longest = (i) => {
    const max = Math.min(258, data.length - i);
    let best = { length: 0, distance: 0 };
    let at = max >= 3 ? heads.get(hash(i)) ?? -1 : -1;
    for (let tries = 0; at >= 0 && i - at <= 32768 && tries < 64 && best.length < max; tries++, at = previous[at]) {
      let length = 0;
      while (length < max && data[at + length] === data[i + length]) length++;
      if (length > best.length) best = { length, distance: i - at };
    }
    return best;
  };
  const out = new BitWriter();
  out.put(1, 1); // last block
  out.put(1, 2); // fixed codes
  for (let i = 0; i < dictionary.length; i++) remember(i);
  for (let i = dictionary.length; i < data.length;) {
    const { length, distance } = longest(i);
    const step = length >= 3 ? length : 1;
    if (length >= 3) {
      putCoded(out, LENGTHS, length, (code) => putSymbol(out, 257 + code));
      putCoded(out, DISTANCES, distance, (code) => out.code(code, 5));
    } else {
      putSymbol(out, data[i]);
    }
    for (let k = 0; k < step; k++) remember(i + k);
    i += step;
  }
  putSymbol(out, 256);
  return out.end();
}

/** Stored blocks of at most `max` bytes. */
export function store(body, max = 65535) {
  const parts = [];
  for (let at = 0; at < body.length || at === 0; at += max) {
    const piece = body.subarray(at, at + max);
    const start = Buffer.from([at + max >= body.length ? 1 : 0, 0, 0, 0, 0]);
    start.writeUInt16LE(piece.length, 1);
    start.writeUInt16LE(piece.length ^ 0xffff, 3);
    parts.push(start, piece);
  }
  return Buffer.concat(parts);
}
