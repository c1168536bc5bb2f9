// SPDX-License-Identifier: Apache-2.0
// Records at the wire level: what docs/protocol.md 2.3 demands of a `hanse.v1.Record`. The fields are read from the
// message definitions in proto/hanse/v1, so that the reader knows the kinds that this version of the project knows.
import { readdirSync, readFileSync } from 'node:fs';
import { Cursor, LIMITS, utf8 } from './bytes.mjs';

const FOLDER = new URL('../../../proto/hanse/v1/', import.meta.url);
const SCALARS = {
  double: 1, float: 5, int32: 0, int64: 0, uint32: 0, uint64: 0, sint32: 0, sint64: 0, fixed32: 5, fixed64: 1,
  sfixed32: 5, sfixed64: 1, bool: 0, string: 2, bytes: 2,
};

/** Messages and enums of one file, added to `types`: name -> Map(number -> {name, type, repeated, oneof}) or 'enum'. */
function parseProto(text, types) {
  const tokens = text.replace(/\/\/.*$|\/\*[^]*?\*\//gm, '').match(/"[^"]*"|[\w.]+|[^\s\w]/g);
  let at = 0;
  const next = () => tokens[at++];
  const skipStatement = () => { while (next() !== ';'); };
  const block = (fields, oneof) => {
    for (let word = next(); word !== '}'; word = next()) {
      if (word === 'oneof') {
        const name = next();
        next();
        block(fields, name);
      } else if (word === 'reserved' || word === 'option') {
        skipStatement();
      } else if (word === 'enum' || word === 'message') {
        definition(word);
      } else if (word !== ';') {
        const repeated = word === 'repeated';
        const type = repeated || word === 'optional' ? next() : word;
        const name = next();
        next(); // =
        fields.set(Number(next()), { name, type, repeated, oneof });
        skipStatement();
      }
    }
  };
  const definition = (word) => {
    const name = next();
    next(); // {
    if (word === 'message') {
      const fields = new Map();
      types.set(name, fields);
      block(fields);
    } else {
      types.set(name, 'enum');
      while (next() !== '}');
    }
  };
  while (at < tokens.length) {
    const word = next();
    if (word === 'message' || word === 'enum') definition(word);
    else if (word !== ';') skipStatement();
  }
}

const types = new Map();
for (const name of readdirSync(FOLDER)) {
  if (name.endsWith('.proto')) parseProto(readFileSync(new URL(name, FOLDER), 'utf8'), types);
}
const RECORD = types.get('Record');
const FIRST_BODY = 16;

export const isKnownKind = (kind) => RECORD.get(kind)?.oneof === 'body';

function wireTypeOf(type) {
  if (type in SCALARS) return SCALARS[type];
  return types.get(type) === 'enum' ? 0 : 2;
}

/** Elements of a packed field must fill it. */
function checkPacked(cursor, wireType, bytes) {
  const inner = new Cursor(bytes, cursor.prefix, cursor.base + cursor.at - bytes.length);
  while (inner.left) skipValue(inner, wireType);
}

function skipValue(cursor, wireType) {
  switch (wireType) {
    case 0: cursor.varint(true); return null;
    case 1: return cursor.take(8, 'fixed64');
    case 5: return cursor.take(4, 'fixed32');
    case 2: {
      const length = cursor.varint(true);
      if (length > BigInt(cursor.left)) cursor.fail('truncated', 'field is longer than what holds it');
      return cursor.take(Number(length));
    }
    default: return cursor.fail('wire-type', `wire type ${wireType} is not allowed`);
  }
}

function checkValue(cursor, known, wireType, depth) {
  const at = cursor.at;
  const value = skipValue(cursor, wireType);
  const expected = wireTypeOf(known.type);
  if (wireType !== expected) {
    if (known.repeated && wireType === 2 && expected !== 2) return checkPacked(cursor, expected, value);
    cursor.fail('type', `field "${known.name}" has wire type ${wireType}`, at);
  }
  if (known.type === 'string') {
    if (utf8(value) === null) cursor.fail('utf8', `field "${known.name}" is not UTF-8`, at);
    if (value.includes(0)) cursor.fail('nul', `field "${known.name}" has a NUL`, at);
  }
  if (types.get(known.type) instanceof Map) {
    if (depth === LIMITS.depth) cursor.fail('depth', `field "${known.name}" is nested too deeply`, at);
    checkMessage(value, types.get(known.type), depth + 1, cursor.base + cursor.at - value.length);
  }
  return undefined;
}

function checkMessage(bytes, fields, depth, base) {
  const cursor = new Cursor(bytes, 'record', base);
  const seen = new Set();
  while (cursor.left) {
    const at = cursor.at;
    const key = cursor.varint(true);
    const number = Number(key >> 3n), wireType = Number(key & 7n);
    if (number < 1 || number > 536870911) cursor.fail('number', `field number ${number} is out of range`, at);
    const known = fields.get(number);
    if (!known) {
      skipValue(cursor, wireType);
      continue;
    }
    const once = known.oneof ? `oneof ${known.oneof}` : number; // bodies are counted by checkRecord
    if (!known.repeated && known.oneof !== 'body' && seen.has(once)) {
      cursor.fail('singular', `field "${known.name}" stands beside another`, at);
    }
    seen.add(once);
    checkValue(cursor, known, wireType, depth);
  }
}

/** Checks a serialized record; returns the number of its body's field (16 or more, known or not). */
export function checkRecord(bytes) {
  checkMessage(bytes, RECORD, 1, 0);
  const cursor = new Cursor(bytes, 'record');
  let body = 0;
  while (cursor.left) {
    const at = cursor.at;
    const key = cursor.varint(true);
    const number = Number(key >> 3n);
    if (number >= FIRST_BODY && body) cursor.fail('bodies', `field ${number} is a second body`, at);
    if (number >= FIRST_BODY && (key & 7n) !== 2n) cursor.fail('type', 'body of the record is no message', at);
    if (number >= FIRST_BODY) body = number;
    skipValue(cursor, Number(key & 7n));
  }
  if (!body) cursor.fail('bodies', 'record has no body');
  return body;
}
