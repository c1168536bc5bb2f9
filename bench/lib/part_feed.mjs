// SPDX-License-Identifier: Apache-2.0
// One feed: published, synced for the first time, kept up to date.
import {statSync} from 'node:fs';
import * as feed from './feed.mjs';
import {serveHanse, serveNginx} from './web.mjs';

const MIB = 1024;

function firstSync(world, report, server, name, key) {
    const files = feed.segments(world, 'city');
    const floor = feed.floor(world, server, files);
    feed.follow(world, `from-${name}`, server, key);
    const synced = feed.sync(world, `from-${name}`);
    const again = feed.floor(world, server, files);
    report.took(`floor, ${name}`, floor);
    report.took(`first sync, ${name}`, synced);
    report.fact(`processor time over the floor's, ${name}`, (synced.cpu_s / Math.min(floor.cpu_s, again.cpu_s)).toFixed(2));
    report.goal(`first sync over the floor, ${name}`, synced.wall_s / Math.max(floor.wall_s, again.wall_s), 2);
    report.goal(`memory of the first sync in MiB, ${name}`, synced.max_kib / MIB, 64, 1);
    return synced;
}

function smallSyncs(world, report, key, records) {
    const nothing = feed.sync(world, 'from-serve');
    report.goal('nothing new: requests', nothing.requests, 1, 0);
    report.goal('nothing new: bytes received', nothing.bytes, 300, 0);
    feed.publish(world, 'city', feed.generate(world, 'one.jsonl', 1, records));
    const one = feed.sync(world, 'from-serve');
    report.goal('one new record: requests', one.requests, 2, 0);
    report.goal('one new record: bytes received', one.bytes, 1200, 0);
    report.took('sync of nothing new', nothing);
    report.took('sync of one new record', one);
}

export async function feedPart(world, report, {records}) {
    const file = feed.generate(world, 'records.jsonl', records);
    const gzip = feed.gzipBytes(world, file);
    const bytes = statSync(file).size;
    report.fact('bytes of JSON Lines a record', (bytes / records).toFixed(0));
    report.fact('gzip -6 leaves', `${(100 * gzip / bytes).toFixed(1)} %`);
    feed.init(world, 'city');
    const {imported, published} = feed.publish(world, 'city', file);
    const alone = feed.deflateAlone(world, feed.segments(world, 'city'));
    report.took('import', imported);
    report.took('publish', published);
    report.fact('zlib alone', `${alone.seconds.toFixed(2)} s`);
    report.goal('publish over zlib alone', published.wall_s / alone.seconds, 1.5);
    const key = feed.keyOf(world, 'city');
    const serve = await serveHanse(world, 'city');
    const synced = firstSync(world, report, serve, 'serve', key);
    report.goal('bytes on the wire over gzip -6', synced.bytes / gzip, 1.1, 3);
    const nginx = await serveNginx(world, `root ${world.path('city/public')};`);
    firstSync(world, report, nginx, 'nginx', key);
    smallSyncs(world, report, key, records);
    await nginx.stop();
    await serve.stop();
}
