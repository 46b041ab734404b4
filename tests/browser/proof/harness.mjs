// What the proof stands on: a daemon that knows one API key, tokens by the server SDK as it is published, pages with the
// client SDKs as they are published, a way to the daemon that can be cut, waiting, and the table of checks.

import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer as createTcpServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AccessToken } from '@dtelecom/server-sdk-js';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const bs58 = createRequire(require.resolve('@dtelecom/server-sdk-js'))('bs58');
const { encode } = bs58.default ?? bs58;
const HERE = dirname(fileURLToPath(import.meta.url));
const WORKER = process.env.DTEL_STANDALONE || join(HERE, '../../../target/debug/examples/standalone');
/** The packages, by short names. */
export const SDKS = { old: '@dtelecom/livekit-client', new: 'livekit-client' };
/** Which path each of them uses. */
export const PATHS = { old: '/rtc', new: '/rtc/v1' };

/** Base58 of a public key, and of its 32-byte seed. */
export function apiKey() {
  const seed = randomBytes(32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const pair = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const key = encode(pair.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { key, secret: encode(seed), seed: seed.toString('hex') };
}

/** A token by the server SDK. */
export function token({ key, secret }, room, identity, ttl = 600) {
  const access = new AccessToken(key, secret, { identity, name: identity, ttl });
  access.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true });
  return access.toJwt();
}

export function listening(server) {
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => ready(server.address().port));
  });
}

/** Ports that were free a moment ago. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createTcpServer());
  const ports = await Promise.all(servers.map(listening));
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Looks until `good` says yes; fails with the last look after `ms`. */
export async function until(what, ms, look, good) {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms / 1000} s; last seen ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}

/** A way to the daemon that can be cut. */
export async function cuttable(port) {
  const sockets = new Set();
  const server = createTcpServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const [a, b] of [[from, to], [to, from]]) {
      sockets.add(a);
      a.on('error', () => {});
      a.on('close', () => {
        sockets.delete(a);
        b.destroy();
      });
      a.pipe(b);
    }
  });
  const own = await listening(server);
  const cut = () => {
    const count = sockets.size;
    for (const socket of sockets) socket.destroy();
    return count;
  };
  return { url: `ws://127.0.0.1:${own}`, cut, close: () => (cut(), server.close()) };
}

/** A daemon that can be ended and started again at the same addresses. */
export async function worker(dir, artefacts, api, mediaPort, advertisePort) {
  const [publicPort, privatePort] = await freePorts(2);
  const config = join(dir, 'worker.toml');
  const lines = [
    `data-dir = ${JSON.stringify(join(dir, 'data'))}`,
    `public-listen = "127.0.0.1:${publicPort}"`,
    `private-listen = "127.0.0.1:${privatePort}"`,
    '[media]',
    `listen = "127.0.0.1:${mediaPort}"`,
    `advertise-port = ${advertisePort}`,
    '[probe]',
    'enabled = false',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const log = createWriteStream(join(artefacts, 'proof-worker.log'), { flags: 'a' });
  const one = { publicPort, privatePort, http: `http://127.0.0.1:${publicPort}`, child: null };
  one.start = async () => {
    const env = { ...process.env, RUST_LOG: process.env.RUST_LOG || 'info,dtel_worker=debug,dtel_media_core=debug,str0m=warn' };
    const child = spawn(WORKER, [api.seed, config], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.pipe(log, { end: false });
    one.child = child;
    one.ended = new Promise((ended) => {
      child.on('exit', (code, signal) => ended(code ?? signal));
      child.on('error', (error) => ended(error.message));
    });
    const healthy = fetchUntil(`${one.http}/healthz`);
    const early = one.ended.then((why) => {
      throw new Error(`${WORKER} ended: ${why}`);
    });
    await Promise.race([healthy, early]);
    early.catch(() => {});
  };
  one.kill = async (signal) => {
    one.child.kill(signal);
    return one.ended;
  };
  await one.start();
  return one;
}

function fetchUntil(url) {
  const look = () => fetch(url).then((answer) => answer.status, () => 0);
  return until('the daemon listens', 20_000, look, (status) => status === 200);
}

/** Serves each package with its page. */
export async function servePages() {
  const files = {
    'page.mjs': [join(HERE, 'page.mjs'), 'text/javascript'],
    '': [join(HERE, 'index.html'), 'text/html'],
  };
  // `livekit-client` exports no path to its bundle for scripts.
  const bundle = (name) => {
    const entry = require.resolve(SDKS[name]);
    return entry.endsWith('umd.js') ? entry : join(dirname(entry), 'livekit-client.umd.js');
  };
  const server = createServer(async (request, response) => {
    const [, sdk, file] = request.url.split('/');
    const known = file === 'sdk.js' && sdk in SDKS ? [bundle(sdk), 'text/javascript'] : files[file];
    if (!known) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': known[1] }).end(await readFile(known[0]));
  });
  const port = await listening(server);
  return { server, url: (name) => `http://127.0.0.1:${port}/${name}/` };
}

/** A browser whose microphone plays a file. */
export function launch(microphone) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--auto-select-tab-capture-source-by-title=dTelecom proof',
      '--autoplay-policy=no-user-gesture-required',
      `--use-file-for-fake-audio-capture=${microphone}`,
    ],
  });
}

/** Two seconds of a voice-like sound, which Chromium repeats as its microphone: its own beeps are too short for speech. */
export function voice() {
  const rate = 48_000;
  const samples = new Int16Array(2 * rate);
  for (let n = 0; n < samples.length; n += 1) {
    const t = n / rate;
    const syllables = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * t);
    const pitch = 140 + 40 * Math.sin(2 * Math.PI * t);
    let sum = 0;
    for (let h = 1; h <= 12; h += 1) sum += Math.sin(2 * Math.PI * h * pitch * t) / h;
    samples[n] = Math.round(9_000 * syllables * sum);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** The checks with what was seen, as a table or as JSON. */
export function report(checks, json) {
  if (json) return console.log(JSON.stringify({ passed: checks.every((c) => c.passed), checks }, null, 1));
  const width = Math.max(...checks.map((c) => c.name.length));
  for (const { name, passed, seconds, seen } of checks) {
    console.log(`${passed ? 'ok    ' : 'not ok'}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(5)} s  ${seen}`);
  }
  const failed = checks.filter((c) => !c.passed).length;
  console.log(`${checks.length - failed} of ${checks.length} checks passed`);
}
