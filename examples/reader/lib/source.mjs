// SPDX-License-Identifier: Apache-2.0
// Where the files of a feed come from: a folder, memory, or a base URL over HTTPS (docs/protocol.md 5).
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Failure, sha256 } from './bytes.mjs';

const unreachable = (object, message) => new Failure('source.unreachable', message, { object, result: 'unreachable' });
const tooLong = (object, max) => new Failure('source.size', `file has more than ${max} bytes`, { object, result: 'mismatch' });

export class FolderSource {
  constructor(folder) { this.folder = folder; }
  /** The file, or null if there is none. */
  async get(path, max) {
    try {
      const full = join(this.folder, path);
      const stat = lstatSync(full);
      if (!stat.isFile()) throw unreachable(path, 'no regular file');
      if (stat.size > max) throw tooLong(path, max);
      return readFileSync(full);
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error instanceof Failure ? error : unreachable(path, error.message);
    }
  }
  /** All files below it. */
  list() {
    const walk = (folder, prefix) => readdirSync(folder, { withFileTypes: true }).flatMap((item) =>
      (item.isDirectory() ? walk(join(folder, item.name), `${prefix}${item.name}/`) : [prefix + item.name]));
    try {
      return walk(this.folder, '');
    } catch (error) {
      throw unreachable(this.folder, error.message);
    }
  }
  close() {}
}

/** Files in a Map, for the vectors. */
export class MemorySource {
  constructor(files) { this.files = files; }
  async get(path, max) {
    const bytes = this.files.get(path);
    if (bytes && bytes.length > max) throw tooLong(path, max);
    return bytes ?? null;
  }
  list() { return [...this.files.keys()]; }
  close() {}
}

/** "sha256//base64;sha256//base64", at most two. */
export function parsePins(text) {
  const pins = text.split(';');
  if (pins.length > 2 || !pins.every((pin) => /^sha256\/\/[A-Za-z0-9+/]{43}=$/.test(pin))) return null;
  return pins;
}

/** With a pin the pin alone decides, before a request leaves; without one the usual authorities do. */
class PinnedAgent extends https.Agent {
  constructor(pins) {
    super({ keepAlive: true, maxSockets: 4, maxCachedSessions: 0 });
    this.pins = pins;
  }
  createConnection(options, done) {
    const socket = tls.connect({ ...options, ALPNProtocols: ['http/1.1'], rejectUnauthorized: !this.pins });
    const settle = (error) => {
      socket.removeListener('error', settle);
      done(error, error ? undefined : socket);
    };
    socket.once('error', settle);
    socket.once('secureConnect', () => {
      if (!this.pins) return settle(null);
      const spki = socket.getPeerX509Certificate().publicKey.export({ type: 'spki', format: 'der' });
      const pin = `sha256//${sha256(spki).toString('base64')}`;
      if (this.pins.includes(pin)) return settle(null);
      settle(new Error(`certificate has pin ${pin}`));
      return socket.destroy();
    });
  }
}

export class HttpsSource {
  constructor(base, pins) {
    this.base = base.href.endsWith('/') ? base : new URL(`${base.href}/`);
    this.agent = new PinnedAgent(pins);
  }
  get(path, max) {
    const url = new URL(path, this.base);
    return new Promise((resolve, reject) => {
      const request = https.get(url, { agent: this.agent, timeout: 30000 }, (response) => {
        if (response.statusCode === 404) {
          response.resume();
          return resolve(null);
        }
        if (response.statusCode !== 200 || response.headers['content-encoding']) {
          request.destroy();
          return reject(unreachable(url.href, `server answered ${response.statusCode}`));
        }
        const parts = [];
        let size = 0;
        response.on('data', (part) => {
          size += part.length;
          parts.push(part);
          if (size > max) {
            request.destroy();
            reject(tooLong(path, max));
          }
        });
        response.on('end', () => (response.complete ? resolve(Buffer.concat(parts))
          : reject(unreachable(url.href, 'answer is cut off'))));
        return response.on('error', (error) => reject(unreachable(url.href, error.message)));
      });
      request.on('timeout', () => request.destroy(new Error('no answer for 30 seconds')));
      request.on('error', (error) => reject(unreachable(url.href, error.message || error.code)));
    });
  }
  /** A web server does not list its files. */
  list() { return null; }
  close() { this.agent.destroy(); }
}

export function openSource(location, pins) {
  if (location.startsWith('https:')) return new HttpsSource(new URL(location), pins);
  if (/^[a-z]+:\/\//.test(location) && !location.startsWith('file:')) return null;
  return new FolderSource(location.startsWith('file:') ? fileURLToPath(location) : location);
}
