// Two headless Chromium pages with fake devices hold a call through a dtel-worker. Both must see moving video and
// hear each other, and the daemon's own statistics must show the call.
//
// Environment: DTEL_WS_URL, DTEL_PRIVATE_URL, DTEL_API_KEY_SEED (64 hex digits), DTEL_ARTEFACTS (a directory);
// CHROMIUM may name the browser. `dtel-run browser` sets all of it.

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AccessToken } from '@dtelecom/server-sdk-js';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const bs58 = createRequire(require.resolve('@dtelecom/server-sdk-js'))('bs58');
const HERE = dirname(fileURLToPath(import.meta.url));
const ROOM = 'browser-call';
const NAMES = ['alice', 'bob'];
const CONNECT_MS = 60_000;
/** Decoded frames that must be added between two looks, and packets of audio (50 a second are sent). */
const MORE_FRAMES = 30;
const MORE_AUDIO = 100;

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** The key pair of the SDK: base58 of the public key, and of the 32-byte seed. */
function apiKey(seedHex) {
  const seed = Buffer.from(seedHex, 'hex');
  if (seed.length !== 32) throw new Error('DTEL_API_KEY_SEED must be 64 hexadecimal digits');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const encode = (bs58.default ?? bs58).encode;
  return { key: encode(raw), secret: encode(seed) };
}

function token({ key, secret }, identity) {
  const access = new AccessToken(key, secret, { identity, ttl: 600 });
  access.addGrant({ roomJoin: true, room: ROOM, canPublish: true, canSubscribe: true });
  return access.toJwt();
}

/** Serves the page and the SDK's published bundle on loopback, which browsers trust with devices. */
async function serve() {
  const files = {
    '/': [join(HERE, 'page.html'), 'text/html'],
    '/page.mjs': [join(HERE, 'page.mjs'), 'text/javascript'],
    '/livekit-client.umd.js': [require.resolve('@dtelecom/livekit-client'), 'text/javascript'],
  };
  const server = createServer(async (request, response) => {
    const [path, type] = files[request.url] ?? [];
    if (!path) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': type }).end(await readFile(path));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

/** Looks until `good` says yes; fails with the last look after `ms`. */
async function until(what, ms, look, good) {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms / 1000} s; last seen ${JSON.stringify(seen)}`);
    await sleep(500);
  }
}

/** Both kinds of media are there, and so much more of them than `before`. */
function grown(before, now) {
  if (!now.video?.framesDecoded || !now.audio?.packetsReceived) return false;
  const frames = now.video.framesDecoded - (before?.video?.framesDecoded ?? 0);
  const packets = now.audio.packetsReceived - (before?.audio?.packetsReceived ?? 0);
  return before === null || (frames >= MORE_FRAMES && packets >= MORE_AUDIO && now.picture !== before.picture);
}

function ok(line) {
  console.log(`ok - ${line}`);
}

async function quality() {
  const answer = await fetch(`${setting('DTEL_PRIVATE_URL')}/v1/quality`);
  if (!answer.ok) throw new Error(`/v1/quality: ${answer.status}`);
  const { rooms } = await answer.json();
  return rooms.find((room) => room.name === ROOM) ?? null;
}

/** What the daemon must show of a participant: both tracks published with packets, and both of the other received. */
function shown(participant) {
  const alive = (tracks, kind) =>
    tracks.some((track) => track.kind === kind && track.streams.some((stream) => stream.packets > 0));
  return ['audio', 'video'].every((kind) => alive(participant.published, kind) && alive(participant.subscribed, kind));
}

async function call(browser, address, pages) {
  const key = apiKey(setting('DTEL_API_KEY_SEED'));
  for (const name of NAMES) {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const page = await context.newPage();
    page.on('console', (message) => pages.console.push(`${name}: ${message.text()}`));
    page.on('pageerror', (error) => pages.console.push(`${name}: ${error.stack}`));
    await page.goto(address);
    await page.waitForFunction(() => globalThis.call !== undefined);
    pages.all.push({ name, page });
  }
  const url = setting('DTEL_WS_URL');
  await Promise.all(
    pages.all.map(({ name, page }) =>
      page.evaluate(([url, token, name]) => globalThis.call.join(url, token, name), [url, token(key, name), name]),
    ),
  );
  ok('both pages joined and published with the unmodified SDK');

  const look = (page) => page.evaluate(() => globalThis.call.figures());
  for (const { name, page } of pages.all) {
    const first = await until(`${name} receives audio and video`, CONNECT_MS, () => look(page), (now) => grown(null, now));
    const later = await until(`${name}'s media flow`, CONNECT_MS, () => look(page), (now) => grown(first, now));
    const { framesDecoded, frameWidth, frameHeight } = later.video;
    ok(
      `${name} sees moving video: ${first.video.framesDecoded} → ${framesDecoded} frames decoded, ` +
        `${frameWidth}×${frameHeight}; audio: ${first.audio.packetsReceived} → ${later.audio.packetsReceived} packets`,
    );
  }

  const room = await until('the call in /v1/quality', 15_000, quality, (room) => {
    const participants = room?.participants ?? [];
    return participants.length === NAMES.length && participants.every(shown);
  });
  const rtt = room.participants.map((participant) => participant.rtt_ms);
  ok(`the daemon shows the call: room ${room.sid}, ${room.participants.length} participants, RTT ${rtt} ms`);
}

async function main() {
  const artefacts = setting('DTEL_ARTEFACTS');
  const { server, url } = await serve();
  const browser = await chromium.launch({
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
    ],
  });
  const pages = { all: [], console: [] };
  try {
    await call(browser, url, pages);
  } catch (error) {
    console.log(pages.console.slice(-60).join('\n'));
    throw error;
  } finally {
    for (const { name, page } of pages.all) {
      const file = join(artefacts, `call-${name}.png`);
      await page.screenshot({ path: file }).then(
        () => console.log(`screenshot: ${file}`),
        (error) => console.log(`no screenshot of ${name}: ${error.message}`),
      );
    }
    await browser.close();
    server.close();
  }
  const sdk = await readFile(require.resolve('@dtelecom/livekit-client'));
  ok(`SDK bundle sha256 ${createHash('sha256').update(sdk).digest('hex').slice(0, 16)}…`);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.log(`not ok - ${error.stack ?? error}`);
    process.exit(1);
  },
);
