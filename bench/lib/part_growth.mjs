// SPDX-License-Identifier: Apache-2.0
// How time and memory grow with a feed: what is new should cost the same wherever it comes, what is there nothing.
import * as feed from './feed.mjs';
import {serveHanse} from './web.mjs';

const FIRST = 1000;

async function measure(world, size) {
    const name = `city-${size}`;
    const reader = `reader-${size}`;
    feed.init(world, name);
    const {imported, published} = feed.publish(world, name, feed.generate(world, 'grow.jsonl', size));
    const server = await serveHanse(world, name);
    feed.follow(world, reader, server, feed.keyOf(world, name));
    const synced = feed.sync(world, reader);
    const nothing = feed.sync(world, reader);
    const one = feed.publish(world, name, feed.generate(world, 'one.jsonl', 1, size)).published;
    const next = feed.sync(world, reader);
    await server.stop();
    return {size, imported, published, synced, nothing, one, next};
}

export async function growthPart(world, report, {records}) {
    const points = [];
    for (let size = FIRST; size <= records; size *= 10) {
        const point = await measure(world, size);
        points.push(point);
        for (const step of ['imported', 'published', 'synced', 'nothing', 'one', 'next'])
            report.took(`${size} records: ${step}`, point[step]);
        world.text('rm', ['-rf', `city-${size}`, `reader-${size}`]);
    }
    report.points = points.map((point) => Object.fromEntries(Object.entries(point).map(([name, value]) =>
        [name, typeof value === 'object' ? {cpu_s: value.cpu_s, wall_s: value.wall_s, max_kib: value.max_kib} : value])));
    const [last, before] = [points.at(-1), points.at(-2)];
    if (before !== undefined) {
        const each = (step) => (last[step].cpu_s / last.size) / (before[step].cpu_s / before.size);
        report.goal('processor time a record, publish: largest over next', each('published'), 1.25);
        report.goal('processor time a record, first sync: largest over next', each('synced'), 1.25);
        report.goal('processor time, one new record: largest over next', last.next.cpu_s / before.next.cpu_s, 1.25);
        report.goal('processor time, nothing new: largest over next', last.nothing.cpu_s / before.nothing.cpu_s, 1.25);
        report.goal('memory of the first sync: largest over next', last.synced.max_kib / before.synced.max_kib, 1.5);
    }
}
