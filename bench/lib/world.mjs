// SPDX-License-Identifier: Apache-2.0
// Where a benchmark runs: its folder, its processes, and what they took.
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export class World {
    constructor(build, under) {
        this.build = build;
        this.hanse = join(build, 'tools/hanse');
        this.dir = mkdtempSync(join(under ?? tmpdir(), 'hanse-bench-'));
        this.servers = [];
        mkdirSync(this.path('home'));
        this.env = {
            PATH: `${process.env.PATH}:/usr/sbin:/sbin`, HOME: this.path('home'), LC_ALL: 'C.UTF-8', TZ: 'UTC',
            GIT_AUTHOR_NAME: 'bench', GIT_AUTHOR_EMAIL: 'bench@bench.example', GIT_COMMITTER_NAME: 'bench',
            GIT_COMMITTER_EMAIL: 'bench@bench.example', GIT_SSL_NO_VERIFY: '1',
        };
    }

    path(...parts) {
        return join(this.dir, ...parts);
    }

    program(name) {
        return join(this.build, 'bench', `bench_${name}`);
    }

    has(command) {
        return spawnSync('sh', ['-c', `command -v ${command}`], {env: this.env}).status === 0;
    }

    // Runs a command and tells what it took; its standard output goes into `output` or is returned as `out`.
    run(command, args, {input, output, cwd, codes = [0]} = {}) {
        const out = output ?? this.path('out');
        const files = [openSync(input ?? '/dev/null'), openSync(out, 'w'), openSync(this.path('err'), 'w')];
        const report = this.path('measure.json');
        spawnSync(this.program('measure'), [report, command, ...args], {stdio: files, env: this.env, cwd: cwd ?? this.dir});
        files.forEach(closeSync);
        const took = JSON.parse(readFileSync(report, 'utf8'));
        if (!codes.includes(took.code)) {
            const said = readFileSync(this.path('err'), 'utf8').slice(-2000);
            throw new Error(`${command} ${args.join(' ')} ended with ${took.code}: ${said}`);
        }
        if (output === undefined)
            took.out = readFileSync(out, 'utf8');
        return {...took, cpu_s: took.user_s + took.system_s};
    }

    hanseRun(node, args, more) {
        return this.run(this.hanse, ['-C', this.path(node), ...args], more);
    }

    // What a command prints, where nobody measures.
    text(command, args, options) {
        return execFileSync(command, args, {encoding: 'utf8', env: this.env, cwd: this.dir, maxBuffer: 1 << 30, ...options});
    }

    // A server that ends with the benchmark.
    start(command, args, options = {}) {
        const server = spawn(command, args, {env: this.env, cwd: this.dir, stdio: ['ignore', 'pipe', 'inherit'], ...options});
        this.servers.push(server);
        return server;
    }

    async stop(server) {
        if (server.exitCode !== null)
            return;
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGTERM');
        await ended;
        this.servers = this.servers.filter((other) => other !== server);
    }

    write(name, text) {
        writeFileSync(this.path(name), text);
        return this.path(name);
    }

    async end(keep) {
        for (const server of this.servers)
            await this.stop(server);
        if (!keep)
            rmSync(this.dir, {recursive: true, force: true});
    }
}

export function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const {port} = server.address();
            server.close(() => resolve(port));
        });
    });
}

export async function until(ready, what) {
    for (let tries = 0; tries < 300; tries++) {
        if (await ready())
            return;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${what} does not answer`);
}
