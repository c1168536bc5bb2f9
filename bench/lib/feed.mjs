// SPDX-License-Identifier: Apache-2.0
// What the benchmark does with Hanse: records in, published, served, synced; and the floors that it is held against.
import {existsSync, readdirSync, statSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {join} from 'node:path';

export const ORIGIN = 'bench.example/hanse';
const GENERATOR = fileURLToPath(new URL('../generate.mjs', import.meta.url));

export function generate(world, name, records, from = 0) {
    world.run(process.execPath, [GENERATOR, '--records', records, '--from', from, '--origin', ORIGIN].map(String),
        {output: world.path(name)});
    return world.path(name);
}

export function gzipBytes(world, file) {
    return Number(world.text('sh', ['-c', `gzip -6 <"$0" | wc -c`, file]));
}

export function init(world, node, origin = ORIGIN) {
    world.hanseRun(node, ['init', '--origin', origin]);
}

export function publish(world, node, file) {
    const imported = world.hanseRun(node, ['import', file]);
    const published = world.hanseRun(node, ['publish']);
    return {imported, published};
}

export function keyOf(world, node) {
    return world.hanseRun(node, ['key', 'show']).out.trim();
}

export function segments(world, node) {
    const dir = world.path(node, 'public/hanse/public');
    return (existsSync(dir) ? readdirSync(dir) : []).sort((a, b) => Number(a.split('-')[0]) - Number(b.split('-')[0]))
        .map((name) => ({name, path: join(dir, name), bytes: statSync(join(dir, name)).size}));
}

export function follow(world, node, server, key) {
    init(world, node, `${node}.example/hanse`);
    world.hanseRun(node, ['follow', server.url.endsWith('/') ? server.url : `${server.url}/`, '--key', key, '--pin', server.pin]);
}

// One sync of a node: what it took, and what it says of requests and bytes received.
export function sync(world, node) {
    const took = world.hanseRun(node, ['sync', '--json']);
    return {...took, ...JSON.parse(took.out)};
}

export function floor(world, server, files) {
    const base = server.url.replace(/\/$/, '');
    return world.run(world.program('floor'), files.map((file) => `${base}/hanse/public/${file.name}`));
}

// Processor seconds that zlib alone needs for the bodies of the published frames.
export function deflateAlone(world, files) {
    return JSON.parse(world.text(world.program('deflate'), files.map((file) => file.path)));
}

export function trickle(world, node, file) {
    return world.run(world.program('trickle'), [world.path(node)], {input: file});
}
