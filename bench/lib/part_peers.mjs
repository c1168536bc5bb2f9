// SPDX-License-Identifier: Apache-2.0
// The same records published and fetched with other tools, in the same run, over loopback.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as feed from './feed.mjs';
import {freePort, until} from './world.mjs';
import {serveNginx} from './web.mjs';

const MIB = 1 << 20;

// Each record in a file of its own, 256 a folder, as tools of files want it.
function writeFiles(world, file) {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    mkdirSync(world.path('files'));
    lines.forEach((line, i) => {
        const dir = join(world.path('files'), String(i >> 8).padStart(5, '0'));
        if ((i & 255) === 0)
            mkdirSync(dir);
        writeFileSync(join(dir, `${i}.json`), line + '\n');
    });
}

const sum = (...steps) => ({wall_s: steps.reduce((all, step) => all + step.wall_s, 0),
    cpu_s: steps.reduce((all, step) => all + step.cpu_s, 0), max_kib: Math.max(...steps.map((step) => step.max_kib))});

function git(world) {
    world.run('git', ['init', '-q', '--bare', 'git/records.git']);
    world.run('git', ['-C', 'git/records.git', 'config', 'http.receivepack', 'true']);
    world.run('git', ['init', '-q', 'work']);
    world.run('cp', ['-r', 'files', 'work/']);
    const published = sum(world.run('git', ['-C', 'work', 'add', '.']), world.run('git', ['-C', 'work', 'commit', '-qm', 'records']),
        world.run('git', ['-C', 'work', 'push', '-q', world.path('git/records.git'), 'HEAD:refs/heads/main']));
    world.run('git', ['-C', 'git/records.git', 'symbolic-ref', 'HEAD', 'refs/heads/main']);
    world.start('fcgiwrap', ['-c', '2', '-s', `unix:${world.path('git.socket')}`], {stdio: 'ignore'});
    return {published, fetch: (base) => world.run('git', ['clone', '-q', '--no-checkout', `${base}/git/records.git`, 'cloned'])};
}

async function rsync(world) {
    const port = await freePort();
    world.write('rsync.conf', `port = ${port}\nuse chroot = no\n[files]\npath = ${world.path('files')}\n`);
    world.start('rsync', ['--daemon', '--no-detach', `--config=${world.path('rsync.conf')}`, '--address=127.0.0.1'], {stdio: 'ignore'});
    const url = `rsync://127.0.0.1:${port}/files/`;
    await until(() => {
        try {
            world.text('rsync', [url], {stdio: 'pipe'});
            return true;
        } catch {
            return false;
        }
    }, 'rsync');
    return {fetch: () => world.run('rsync', ['-a', '--stats', url, world.path('rsynced/')]),
        bytes: (took) => Number(/Total bytes received: ([\d,]+)/.exec(took.out)[1].replaceAll(',', ''))};
}

function rclone(world) {
    return {fetch: (base) => world.run('rclone', ['copy', '--no-check-certificate', '--transfers', '16', '--checkers', '16',
        '--http-url', `${base}/listed/`, ':http:', world.path('rcloned')])};
}

function ostree(world) {
    const repo = ['--repo=ostree'];
    world.run('ostree', [...repo, 'init', '--mode=archive']);
    const published = sum(world.run('ostree', [...repo, 'commit', '-b', 'main', '-s', 'records', 'files']),
        world.run('ostree', [...repo, 'summary', '-u']));
    return {published, fetch: (base) => {
        world.run('ostree', ['--repo=pulled', 'init', '--mode=archive']);
        world.run('ostree', ['--repo=pulled', 'remote', 'add', '--no-gpg-verify', '--set=tls-permissive=true', 'from',
            `${base}/ostree`]);
        return world.run('ostree', ['--repo=pulled', 'pull', 'from', 'main']);
    }};
}

const TOOLS = {git: {make: git, needs: ['git', 'fcgiwrap']}, rsync: {make: rsync, needs: ['rsync']},
    rclone: {make: rclone, needs: ['rclone']}, ostree: {make: ostree, needs: ['ostree']}};

function locations(world) {
    return `location / { root ${world.path('city/public')}; }
        location /ostree { root ${world.dir}; }
        location /listed/ { alias ${world.path('files/')}; autoindex on; }
        location /git/ {
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_PROJECT_ROOT ${world.path('git')};
            fastcgi_param GIT_HTTP_EXPORT_ALL "";
            fastcgi_param PATH_INFO $peer_path;
            fastcgi_buffering off;
            fastcgi_pass unix:${world.path('git.socket')};
            if ($uri ~ ^/git(/.*)$) { set $peer_path $1; }
        }`;
}

function tell(report, name, published, fetched, sent) {
    report.fact(name, `publish ${published ? `${published.wall_s.toFixed(2)} s (processor ${published.cpu_s.toFixed(2)} s)` : '-'}, ` +
        `first sync ${fetched.wall_s.toFixed(2)} s (processor ${fetched.cpu_s.toFixed(2)} s), ` +
        `${(sent.bytes / MIB).toFixed(1)} MiB` + (sent.requests ? ` in ${sent.requests} requests` : ''));
}

export async function peersPart(world, report, {records}) {
    const file = feed.generate(world, 'peers.jsonl', Math.min(records, 100000));
    feed.init(world, 'city');
    const {imported, published} = feed.publish(world, 'city', file);
    writeFiles(world, file);
    const peers = {};
    for (const [name, {make, needs}] of Object.entries(TOOLS)) {
        if (needs.every((command) => world.has(command)))
            peers[name] = await make(world);
        else
            report.fact(name, `left out: ${needs.join(' or ')} is missing`);
    }
    const nginx = await serveNginx(world, locations(world));
    feed.follow(world, 'peer', nginx, feed.keyOf(world, 'city'));
    nginx.sent();
    const synced = feed.sync(world, 'peer');
    const ours = sum(imported, published);
    tell(report, 'hanse', ours, synced, nginx.sent());
    for (const [name, peer] of Object.entries(peers)) {
        const fetched = peer.fetch(nginx.url);
        const sent = nginx.sent();
        tell(report, name, peer.published, fetched, peer.bytes ? {bytes: peer.bytes(fetched)} : sent);
        report.goal(`first sync over that of ${name}`, synced.wall_s / fetched.wall_s, 1);
        if (peer.published)
            report.goal(`import and publish over publishing with ${name}`, ours.wall_s / peer.published.wall_s, 1);
    }
    await nginx.stop();
}
