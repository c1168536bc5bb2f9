// SPDX-License-Identifier: Apache-2.0
// Records that come one at a time: what they cost on the wire before their segment is sealed, and after.
import * as feed from './feed.mjs';
import {serveHanse} from './web.mjs';

const ONE_BY_ONE = 10000;
const SMOKE = 500; // each waits for the disk some ten times
const MOST_ROUNDS = 40;

function firstSync(world, name, server, key) {
    feed.follow(world, name, server, key);
    return feed.sync(world, name);
}

export async function smallPart(world, report, {quick}) {
    const count = quick ? SMOKE : ONE_BY_ONE;
    const file = feed.generate(world, 'small.jsonl', count);
    const gzip = feed.gzipBytes(world, file);
    feed.init(world, 'city');
    const published = feed.trickle(world, 'city', file);
    report.took(`${count} records published one by one`, published);
    const server = await serveHanse(world, 'city');
    const key = feed.keyOf(world, 'city');
    const sparse = firstSync(world, 'early', server, key);
    report.goal('one by one, not sealed: bytes over gzip -6', sparse.bytes / gzip, 1.35, 3);

    // More of them until the segment is full and sealed: the next sync reads on in another file.
    const before = feed.segments(world, 'city').length;
    let from = count;
    for (let round = 0; round < MOST_ROUNDS && feed.segments(world, 'city').length === before; round++) {
        feed.publish(world, 'city', feed.generate(world, 'more.jsonl', 1000, from));
        from += 1000;
        if (feed.segments(world, 'city').length === before)
            feed.sync(world, 'early');
    }
    const sealed = feed.sync(world, 'early');
    report.goal('new records, segment sealed meanwhile: requests', sealed.requests, 4, 0);
    const all = feed.gzipBytes(world, feed.generate(world, 'all.jsonl', from));
    const dense = firstSync(world, 'late', server, key);
    report.goal('one by one, sealed: bytes over gzip -6', dense.bytes / all, 1.1, 3);
    await server.stop();
}
