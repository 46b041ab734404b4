// Clients that may use nothing but a relay: a coturn on loopback, a dtel-worker that makes passwords for it, and two headless
// Chromium pages, one with each SDK as it is published, that talk through it. Then one of them alone, with a worker that knows no
// relay: it must not get through, or the rest would prove nothing.
//
// Environment: DTEL_WORKER (the program; target/debug/dtel-worker by default), TURNSERVER, CHROMIUM, DTEL_ARTEFACTS (a directory
// for logs). Everything listens on loopback.

import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const HERE = dirname(fileURLToPath(import.meta.url));
const WORKER = process.env.DTEL_WORKER || join(HERE, '../../target/debug/dtel-worker');
const TURNSERVER = process.env.TURNSERVER || 'turnserver';
const ARTEFACTS = process.env.DTEL_ARTEFACTS || mkdtempSync(join(tmpdir(), 'dtel-turn-logs-'));
const KEY = { name: 'devkey', secret: 'a secret for tests alone' };
const SDKS = { old: '@dtelecom/livekit-client', new: 'livekit-client' };
const PATIENCE = 60_000;

const ok = (line) => console.log(`ok - ${line}`);
const at = (port) => `127.0.0.1:${port}`;

/** A token as LiveKit's server SDKs make it. */
function token(identity) {
  const now = Math.floor(Date.now() / 1000);
  const video = { roomJoin: true, room: 'relay' };
  const claims = { iss: KEY.name, sub: identity, name: identity, nbf: now - 5, exp: now + 600, video };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', KEY.secret).update(signed).digest('base64url')}`;
}

function listening(server) {
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => ready(server.address().port));
  });
}

/** Ports that were free a moment ago. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createTcpServer());
  const ports = await Promise.all(servers.map(listening));
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

async function until(what, ms, look, good) {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms / 1000} s; last seen ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}

/** Starts a program whose output goes to a log; `child.ended` says how it ended. */
function start(name, program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  const log = createWriteStream(join(ARTEFACTS, `${name}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.ended = null;
  child.on('exit', (code, signal) => (child.ended = `status ${code ?? signal}`));
  child.on('error', (error) => (child.ended = error.message));
  return child;
}

async function stop(child) {
  if (child.ended !== null) return;
  child.kill('SIGTERM');
  const deadline = Date.now() + 10_000;
  while (child.ended === null && Date.now() < deadline) await sleep(50);
  if (child.ended === null) child.kill('SIGKILL');
}

/** A relay that takes passwords made with `secret`. Its files are in `dir` alone. */
async function startRelay(dir, secret) {
  const [port] = await freePorts(1);
  const config = join(dir, 'turnserver.conf');
  const lines = [
    `listening-ip=127.0.0.1`,
    `listening-port=${port}`,
    `relay-ip=127.0.0.1`,
    // The node is on this machine; elsewhere peers on loopback must stay refused.
    `allow-loopback-peers`,
    `use-auth-secret`,
    `static-auth-secret=${secret}`,
    `realm=dtelecom.test`,
    `fingerprint`,
    `no-cli`,
    `no-tls`,
    `no-dtls`,
    `verbose`,
    `log-file=stdout`,
    `simple-log`,
    `pidfile=${join(dir, 'turnserver.pid')}`,
    `userdb=${join(dir, 'turndb')}`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const child = start('turnserver', TURNSERVER, ['-c', config]);
  await until('the relay listens', 20_000, async () => {
    if (child.ended !== null) throw new Error(`${TURNSERVER} ended: ${child.ended}; see ${ARTEFACTS}`);
    return accepts(port);
  }, Boolean);
  return { child, port };
}

/** Whether something listens at a TCP port. */
function accepts(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });
}

async function startWorker(name, dir, turn) {
  const [publicPort, privatePort, mediaPort] = await freePorts(3);
  const config = join(dir, `${name}.toml`);
  const text = `data-dir = ${JSON.stringify(join(dir, name))}
chain-url = ""
public-listen = "${at(publicPort)}"
private-listen = "${at(privatePort)}"
[media]
listen = "${at(mediaPort)}"
[dev.keys]
${KEY.name} = ${JSON.stringify(KEY.secret)}
${turn}`;
  await writeFile(config, text);
  const level = process.env.RUST_LOG || 'info,dtel_worker=debug,str0m=warn';
  const child = start(name, WORKER, ['run', '--config', config], { RUST_LOG: level });
  await until('the daemon listens', 20_000, async () => {
    if (child.ended !== null) throw new Error(`${WORKER} ended: ${child.ended}; see ${ARTEFACTS}`);
    return fetch(`http://${at(publicPort)}/healthz`).then((r) => r.status, () => 0);
  }, (status) => status === 200);
  return { child, url: `ws://${at(publicPort)}` };
}

async function servePages() {
  // `livekit-client` exports no path to its bundle for scripts.
  const bundle = (name) => {
    const entry = require.resolve(SDKS[name]);
    return entry.endsWith('umd.js') ? entry : join(dirname(entry), 'livekit-client.umd.js');
  };
  const files = {
    'page.mjs': [join(HERE, 'turn-page.mjs'), 'text/javascript'],
    '': [join(HERE, 'turn.html'), 'text/html'],
  };
  const server = createServer(async (request, response) => {
    const [, sdk, file] = request.url.split('/');
    const known = file === 'sdk.js' && sdk in SDKS ? [bundle(sdk), 'text/javascript'] : files[file];
    if (!known) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': known[1] }).end(await readFile(known[0]));
  });
  const port = await listening(server);
  return { server, url: (name) => `http://${at(port)}/${name}/` };
}

async function open(browser, site, name) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  const log = createWriteStream(join(ARTEFACTS, `page-${name}.log`));
  page.on('console', (message) => log.write(`${message.text()}\n`));
  page.on('pageerror', (error) => log.write(`page error: ${error.stack}\n`));
  await page.goto(site.url(name));
  await page.waitForFunction(() => globalThis.call);
  return page;
}

const look = (page) => page.evaluate(() => globalThis.call.look());
const enter = (page, ...args) => page.evaluate((args) => globalThis.call.join(...args), args);

/** Both pages join and must hear and see each other, by the relay alone. */
async function talkThroughTheRelay(browser, site, worker) {
  const pages = {};
  for (const name of Object.keys(SDKS)) {
    pages[name] = await open(browser, site, name);
    await enter(pages[name], worker.url, token(name), 'relay');
  }
  for (const name of Object.keys(SDKS)) {
    const flowing = (now) =>
      now.video?.framesDecoded >= 40 && now.audio?.packetsReceived >= 100 && now.audio.totalAudioEnergy > 0.0001;
    const now = await until(`${name} hears and sees`, PATIENCE, () => look(pages[name]), flowing);
    for (const [way, by] of [['audio', now.audio.by], ['video', now.video.by], ['what it sends', now.out]]) {
      if (by !== 'relay') throw new Error(`${name}: ${way} goes by ${by}, not by the relay`);
    }
    ok(`${name}: ${now.video.framesDecoded} frames decoded, all by the relay (${now.video.relay})`);
  }
  for (const page of Object.values(pages)) await page.context().close();
}

/** The same page at a worker that names no relay gets no media. */
async function nothingWithoutARelay(browser, site, worker) {
  const page = await open(browser, site, 'new');
  const failed = await enter(page, worker.url, token('alone'), 'relay').then(() => null, (error) => error.message);
  if (failed === null) throw new Error('a client that may only relay got through without a relay');
  ok(`without a relay it does not get through: ${failed.split('\n')[0]}`);
  await page.context().close();
}

/** A password that was not made with the secret opens nothing. */
async function wrongSecretIsRefused(browser, site, worker) {
  const page = await open(browser, site, 'new');
  const failed = await enter(page, worker.url, token('stranger'), 'relay').then(() => null, (error) => error.message);
  if (failed === null) throw new Error('the relay took a password that was made with another secret');
  ok(`the relay refuses passwords of another secret: ${failed.split('\n')[0]}`);
  await page.context().close();
}

async function main() {
  mkdirSync(ARTEFACTS, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), 'dtel-turn-'));
  const children = [];
  let browser, site;
  try {
    const secret = randomBytes(16).toString('hex');
    const relay = await startRelay(dir, secret);
    children.push(relay.child);
    const turn = (secret) =>
      `[turn]\nurls = ["turn:127.0.0.1:${relay.port}?transport=udp"]\nsecret = "${secret}"\nseconds = 600\n`;
    const worker = await startWorker('worker', dir, turn(secret));
    children.push(worker.child);
    const wrong = await startWorker('worker-wrong-secret', dir, turn('another secret'));
    children.push(wrong.child);
    const bare = await startWorker('worker-without-relay', dir, '');
    children.push(bare.child);
    site = await servePages();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    });
    await talkThroughTheRelay(browser, site, worker);
    await nothingWithoutARelay(browser, site, bare);
    await wrongSecretIsRefused(browser, site, wrong);
  } finally {
    await browser?.close();
    site?.server.close();
    for (const child of children) await stop(child);
    await rm(dir, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`not ok - ${error.stack}`);
    console.error(`logs: ${ARTEFACTS}`);
    process.exit(1);
  },
);
