// SPDX-License-Identifier: Apache-2.0
// Writes cooperation projects as JSON Lines, as `hanse export` does and `hanse import` reads, in four languages; about
// 600 bytes a record. A record depends on the seed and its number alone: the same call writes the same bytes, and a
// longer one begins with those of a shorter one. The texts are as varied as real ones: gzip -6 leaves 33 to 40 %.
// Usage: node generate.mjs --records N [--from K] [--seed S] [--origin ORIGIN]
import {writeSync} from 'node:fs';
import {languages} from './words.mjs';

const CHUNK_CHARACTERS = 1 << 20;
const FIRST_MS = Date.UTC(2025, 0, 1);

function options(list) {
    const given = {records: 1000, from: 0, seed: 1, origin: 'bench.example/hanse'};
    for (let i = 0; i < list.length; i += 2) {
        const name = list[i].replace(/^--/, '');
        if (!(name in given) || list[i + 1] === undefined)
            throw new Error(`unknown option "${list[i]}"`);
        given[name] = name === 'origin' ? list[i + 1] : Number(list[i + 1]);
    }
    return given;
}

// splitmix32: numbers that look random, from a seed and the record's number.
function randomizer(seed, number) {
    let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b);
    const next = () => {
        state = (state + 0x9e3779b9) | 0;
        let mixed = state ^ (state >>> 16);
        mixed = Math.imul(mixed, 0x21f0aaad);
        mixed ^= mixed >>> 15;
        mixed = Math.imul(mixed, 0x735a2d97);
        return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    return {next, below: (limit) => next() % limit};
}

const pick = (random, list) => list[random.below(list.length)];
const hex = (value, digits) => value.toString(16).padStart(digits, '0');

function uuid(random, number) {
    const time = hex(FIRST_MS + number * 37, 12);
    const a = random.next(), b = random.next(), c = random.next();
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(a & 0xfff, 3)}-${hex(0x8000 | ((a >>> 12) & 0x3fff), 4)}-` +
        `${hex(b, 8)}${hex(c & 0xffff, 4)}`;
}

const letter = (random) => String.fromCharCode(65 + random.below(26));

// The words of a text, drawn anew at each call.
function author(random, language) {
    const syllable = () => pick(random, language.onsets) + pick(random, language.vowels) + pick(random, language.codas);
    const place = () => {
        const name = random.below(24) === 0 ? syllable() : syllable() + syllable();
        return language.capital ? name[0].toUpperCase() + name.slice(1) : name;
    };
    return {
        verb: () => pick(random, language.actions),
        thing: () => place() + (random.below(8) === 0 ? pick(random, language.tails) : ''),
        place,
        rest: () => (random.below(16) === 0 ? pick(random, language.ends) : ''),
    };
}

function sentence(language, by) {
    const text = language.sentence(by).filter((word) => word !== '').join(language.joiner);
    return text[0].toUpperCase() + text.slice(1) + language.end;
}

const STATUSES = ['PIPELINE', 'IMPLEMENTATION', 'IMPLEMENTATION', 'FINALISATION', 'CLOSED', 'CLOSED', 'SUSPENDED'];
const COUNTRIES = ['AR', 'AT', 'BR', 'CL', 'CO', 'DE', 'ES', 'GB', 'ID', 'IN', 'JP', 'KE', 'MX', 'NZ', 'PE', 'PH', 'TH', 'US', 'VN', 'ZA'];
const ROLES = ['FUNDING', 'ACCOUNTABLE', 'IMPLEMENTING', 'IMPLEMENTING'];

function project(random) {
    const language = pick(random, languages);
    const by = author(random, language);
    const text = (value) => [{text: value, language: language.code}];
    const title = `${by.verb()}${language.joiner}${by.thing()}${language.gap}(${by.place()} ${2008 + random.below(18)})`;
    const sentences = Array.from({length: 2 + random.below(4)}, () => sentence(language, by)).join(language.gap);
    return {
        title: text(title),
        description: [{text: text(sentences)}],
        status: `PROJECT_STATUS_${pick(random, STATUSES)}`,
        dates: [{
            type: 'PROJECT_DATE_TYPE_ACTUAL_START',
            date: {year: 2008 + random.below(18)},
        }],
        participants: [{
            actor: {id: `UNLOCODE:${pick(random, COUNTRIES)}${letter(random)}${letter(random)}${letter(random)}`},
            role: `PARTICIPANT_ROLE_${pick(random, ROLES)}`,
        }],
    };
}

export function line(seed, number, origin) {
    const random = randomizer(seed, number);
    const id = `hanse:${origin}/${uuid(random, number)}`;
    return JSON.stringify({id, record: {project: project(random)}}) + '\n';
}

// A pipe takes what it has room for.
function writeAll(text) {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) {
        try {
            done += writeSync(1, bytes, done);
        } catch (error) {
            if (error.code !== 'EAGAIN')
                throw error;
        }
    }
}

const wanted = options(process.argv.slice(2));
let chunk = '';
for (let number = wanted.from; number < wanted.from + wanted.records; number++) {
    chunk += line(wanted.seed, number, wanted.origin);
    if (chunk.length >= CHUNK_CHARACTERS) {
        writeAll(chunk);
        chunk = '';
    }
}
writeAll(chunk);
