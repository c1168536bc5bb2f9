// SPDX-License-Identifier: Apache-2.0
// Runs the parts of the benchmark, each in one go with what it is compared with. See README.md.
import {cpus} from 'node:os';
import {existsSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {resolve} from 'node:path';
import {World} from './lib/world.mjs';
import {Report} from './lib/report.mjs';
import {feedPart} from './lib/part_feed.mjs';
import {growthPart} from './lib/part_growth.mjs';
import {peersPart} from './lib/part_peers.mjs';
import {searchPart} from './lib/part_search.mjs';
import {smallPart} from './lib/part_small.mjs';

const PARTS = {feed: feedPart, small: smallPart, peers: peersPart, search: searchPart, growth: growthPart};

function options(list) {
    const given = {records: 1000000, quick: false, only: Object.keys(PARTS), out: null, work: undefined, keep: false,
        build: fileURLToPath(new URL('../build', import.meta.url))};
    for (let i = 0; i < list.length; i++) {
        const name = list[i].replace(/^--/, '');
        if (!(name in given))
            throw new Error(`unknown option "${list[i]}"`);
        if (typeof given[name] === 'boolean')
            given[name] = true;
        else
            given[name] = name === 'records' ? Number(list[++i]) : name === 'only' ? list[++i].split(',') : list[++i];
    }
    if (given.quick)
        given.records = 10000;
    return given;
}

const given = options(process.argv.slice(2));
const build = resolve(given.build);
if (!existsSync(`${build}/bench/bench_floor`))
    throw new Error(`build first: ${build}/bench/bench_floor is missing`);
const report = new Report();
console.log(`${given.records} records, ${cpus().length} cores (${cpus()[0].model.trim()})`);
for (const name of given.only) {
    const world = new World(build, given.work);
    console.log(`\n${name}, in ${world.dir}`);
    try {
        await PARTS[name](world, report, given);
    } finally {
        await world.end(given.keep);
    }
}
if (given.out !== null)
    writeFileSync(given.out, JSON.stringify({records: given.records, goals: report.rows, facts: report.facts, points: report.points}, null, 1) + '\n');
console.log(`\n${report.rows.length - report.missed.length} of ${report.rows.length} goals are met`);
