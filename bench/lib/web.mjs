// SPDX-License-Identifier: Apache-2.0
// The servers of the benchmark, on loopback with TLS: `hanse serve`, and nginx, which counts what it sends.
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {freePort, until} from './world.mjs';

export async function serveHanse(world, node) {
    const server = world.start(world.hanse, ['-C', world.path(node), 'serve', '--listen', '127.0.0.1:0', '--json']);
    const line = await new Promise((resolve) => createInterface({input: server.stdout}).once('line', resolve));
    const {url, pin} = JSON.parse(line);
    return {url, pin, stop: () => world.stop(server)};
}

function makeCertificate(world) {
    world.text('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout',
        'tls.key', '-out', 'tls.pem', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    {stdio: 'ignore'});
    const der = world.text('sh', ['-c', 'openssl x509 -in tls.pem -pubkey -noout | openssl pkey -pubin -outform der |' +
        ' openssl dgst -sha256 -binary | openssl base64']);
    return `sha256//${der.trim()}`;
}

// Serves folders below /: `locations` are lines of a server block. `sent()` tells requests and bytes since the last call.
export async function serveNginx(world, locations) {
    const pin = makeCertificate(world);
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${world.path(`temp-${name}`)};`).join('\n');
    const config = world.write('nginx.conf', `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${world.path('nginx.pid')};
error_log ${world.path('nginx.log')} warn;
events { worker_connections 512; }
http {
    log_format sent '$bytes_sent';
    access_log ${world.path('sent.log')} sent;
    ${temporary}
    default_type application/octet-stream;
    keepalive_requests 1000000;
    server {
        listen 127.0.0.1:${port} ssl http2;
        ssl_certificate ${world.path('tls.pem')};
        ssl_certificate_key ${world.path('tls.key')};
        ssl_protocols TLSv1.3;
        client_max_body_size 0;
        ${locations}
    }
}
`);
    const server = world.start('nginx', ['-e', world.path('nginx.log'), '-p', world.dir, '-c', config]);
    const url = `https://127.0.0.1:${port}`;
    await until(() => {
        try {
            world.text('curl', ['-sk', '-o', '/dev/null', `${url}/`]);
            return true;
        } catch {
            return false;
        }
    }, 'nginx');
    let told = 0;
    const sent = () => {
        const lines = readFileSync(world.path('sent.log'), 'utf8').trim().split('\n').slice(told);
        told += lines.length;
        return {requests: lines.length, bytes: lines.reduce((sum, line) => sum + Number(line), 0)};
    };
    sent();
    return {url, pin, sent, stop: () => world.stop(server)};
}
