// SPDX-License-Identifier: Apache-2.0
// Words made ready, and looked for: those that few records have, and those that many have.
import {existsSync, readdirSync, statSync} from 'node:fs';
import * as feed from './feed.mjs';

const TIMES = 7;
const MIB = 1024;

// As generate.mjs has them: words that a few records in a thousand have, in each language, and some that are everywhere.
const FEW = [['volunteers'], ['volunt*'], ['Erdbeben'], ['"después del terremoto"'], ['旧港の近く'], ['Ausschreibung', '--country', 'JP'],
    ['sensors', '-volunteers', '--kind', 'Project']];
const MANY = [['evaluate'], ['in'], ['の'], ['in', '--country', 'JP']];

function median(list) {
    return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

// The middle of some runs of the whole program, and what the first line says.
function search(world, words) {
    const runs = Array.from({length: TIMES + 1}, () => world.hanseRun('city', ['search', '--json', ...words])).slice(1);
    const first = runs[0].out === '' ? {total: 0, ranked: true} : JSON.parse(runs[0].out.split('\n')[0]);
    return {ms: 1000 * median(runs.map((run) => run.wall_s)), cpu_ms: 1000 * median(runs.map((run) => run.cpu_s)),
        max_kib: Math.max(...runs.map((run) => run.max_kib)), ...first};
}

export async function searchPart(world, report, {records}) {
    if (!existsSync(world.path('city'))) {
        feed.init(world, 'city');
        feed.publish(world, 'city', feed.generate(world, 'records.jsonl', records));
    }
    const update = world.hanseRun('city', ['search', '--update']);
    report.took('words made ready', update);
    report.fact('records a second', (records / update.wall_s).toFixed(0));
    report.goal('memory while words are made ready in MiB', update.max_kib / MIB, 64, 1);
    const dir = world.path('city/private/search');
    const bytes = readdirSync(dir).map((name) => statSync(`${dir}/${name}`).size).reduce((a, b) => a + b, 0);
    report.fact('bytes of the files of words a record', (bytes / records).toFixed(0));
    let most = 0;
    for (const words of FEW) {
        const found = search(world, words);
        most = Math.max(most, found.max_kib);
        report.goal(`processor ms: ${words.join(' ')} (${found.total} hits)`, found.cpu_ms, 50, 0);
        report.fact(`  by the clock, ${words.join(" ")}`, `${found.ms.toFixed(0)} ms`);
    }
    for (const words of MANY) {
        const found = search(world, words);
        most = Math.max(most, found.max_kib);
        report.fact(`${words.join(' ')} (${found.total} hits, ${found.ranked ? 'ranked' : 'newest'})`,
            `${found.ms.toFixed(0)} ms, processor ${found.cpu_ms.toFixed(0)} ms`);
    }
    report.goal('memory of a search in MiB', most / MIB, 64, 1);
}
