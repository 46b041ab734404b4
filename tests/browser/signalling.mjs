// Two headless Chromium pages, one with each SDK as it is published, hold a call through a dtel-worker without a chain:
// media, mute, metadata, data, dynacast, unpublishing, codecs, speakers, and a WebSocket that is cut and resumed.
//
// Environment: DTEL_WORKER (the program; target/debug/dtel-worker by default), CHROMIUM, DTEL_ARTEFACTS (a directory for
// screenshots and the daemon's log). Everything listens on loopback. Arguments: names of steps; all without any.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, createWriteStream } from 'node:fs';
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
const KEY = { name: 'devkey', secret: 'a secret for tests alone' };
const ROOM = 'signalling';
/** The pages by name, and the package that each uses. */
const SDKS = { old: '@dtelecom/livekit-client', new: 'livekit-client' };
/** Where each of them connects: the new one with one peer connection. */
const PATHS = { old: '/rtc', new: '/rtc/v1' };
const PATIENCE = 60_000;

const ok = (line) => console.log(`ok - ${line}`);

/** A token as LiveKit's server SDKs make it. */
function token(identity) {
  const now = Math.floor(Date.now() / 1000);
  const video = { roomJoin: true, room: ROOM, canUpdateOwnMetadata: true };
  const claims = { iss: KEY.name, sub: identity, name: identity, nbf: now - 5, exp: now + 600, video };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', KEY.secret).update(signed).digest('base64url')}`;
}

/** Two seconds of a voice-like sound, which Chromium repeats as its microphone: its own beeps are too short for speech. */
function voice() {
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

/** A way to the daemon that can be cut. */
async function cuttable(port) {
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

async function startWorker(dir, artefacts) {
  const [publicPort, privatePort, mediaPort] = await freePorts(3);
  const log = createWriteStream(join(artefacts, 'signalling-worker.log'));
  const at = (port) => `127.0.0.1:${port}`;
  const child = spawn(
    WORKER,
    ['run', '--chain-url', '', '--dev-key', `${KEY.name}:${KEY.secret}`, '--data-dir', dir]
      .concat(['--public-listen', at(publicPort), '--private-listen', at(privatePort)])
      .concat(['--media-listen', at(mediaPort)]),
    { env: { ...process.env, RUST_LOG: process.env.RUST_LOG || 'info,dtel_worker=debug,str0m=warn' } },
  );
  child.stderr.pipe(log);
  let ended = null;
  child.on('exit', (code) => (ended = code));
  child.on('error', (error) => (ended = error.message));
  await until('the daemon listens', 20_000, async () => {
    if (ended !== null) throw new Error(`${WORKER} ended: ${ended}`);
    return fetch(`http://${at(publicPort)}/healthz`).then((r) => r.status, () => 0);
  }, (status) => status === 200);
  return { child, publicPort, privatePort };
}

async function servePages() {
  const files = {
    'page.mjs': [join(HERE, 'signalling-page.mjs'), 'text/javascript'],
    '': [join(HERE, 'signalling.html'), 'text/html'],
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

async function until(what, ms, look, good) {
  const deadline = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms / 1000} s; last seen ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}

const other = (name) => (name === 'old' ? 'new' : 'old');

/** The steps of the call; `pages` are the pages by name. */
function steps(pages, ways, worker, links) {
  const look = (name) => pages[name].evaluate(() => globalThis.call.look());
  const say = (name, verb, ...args) =>
    pages[name].evaluate(([verb, args]) => globalThis.call[verb](...args), [verb, args]);
  const flowing = (name, before) =>
    until(`${name} hears and sees`, PATIENCE, () => look(name), (now) => {
      const frames = (now.video?.framesDecoded ?? 0) - (before?.video?.framesDecoded ?? 0);
      const packets = (now.audio?.packetsReceived ?? 0) - (before?.audio?.packetsReceived ?? 0);
      return frames >= 20 && packets >= 50;
    });

  /** All connections of a page went to where its SDK connects first: it never fell back. */
  const checkPath = (name) => {
    const paths = [...new Set(links[name].map((link) => new URL(link).pathname))];
    if (paths.join() !== PATHS[name]) throw new Error(`${name} connected to ${paths}`);
  };

  return [
    async function bothJoin() {
      for (const name of Object.keys(SDKS)) await say(name, 'join', ways[name].url, token(name), name);
      for (const name of Object.keys(SDKS)) {
        const now = await flowing(name, await flowing(name, null));
        if (!(now.audio.totalAudioEnergy > 0.001)) throw new Error(`${name} hears silence: ${JSON.stringify(now.audio)}`);
        checkPath(name);
        ok(`${name} by ${PATHS[name]}: ${now.video.framesDecoded} frames decoded, audio energy ${now.audio.totalAudioEnergy.toFixed(3)}`);
      }
    },
    async function speakersAreSeen() {
      for (const name of Object.keys(SDKS)) {
        const good = (now) => now.seen.speakers.includes('old') && now.seen.speakers.includes('new');
        await until(`${name} sees both speak`, PATIENCE, () => look(name), good);
      }
      ok('both pages see both speak');
      for (const name of Object.keys(SDKS)) {
        await until(`${name} counts both`, 15_000, () => look(name), (now) => now.count === 2 && now.quality === 'excellent');
      }
      ok('both count two participants and have an excellent connection');
    },
    async function muteIsSeen() {
      for (const name of Object.keys(SDKS)) {
        for (const muted of [true, false]) {
          await say(name, 'mute', muted);
          const good = (now) => now.seen.muted.audio === muted;
          await until(`${other(name)} sees muted ${muted}`, 10_000, () => look(other(name)), good);
        }
        ok(`${other(name)} sees that ${name} mutes and unmutes`);
      }
    },
    async function metadataIsSeen() {
      for (const name of Object.keys(SDKS)) {
        await say(name, 'describe', `about ${name}`, { mood: `of ${name}` });
        const good = (now) =>
          now.seen.metadata === `about ${name}` &&
          // Attributes are younger than the old package.
          (name === 'old' || other(name) === 'old' || now.seen.attributes.mood === `of ${name}`);
        await until(`${other(name)} sees the metadata`, 10_000, () => look(other(name)), good);
        ok(`${other(name)} sees the metadata of ${name}`);
      }
    },
    async function dataBothWays() {
      for (const name of Object.keys(SDKS)) {
        await say(name, 'send', `from ${name}`, 'greetings');
        const is = (d) => d.text === `from ${name}` && d.from === name && d.topic === 'greetings';
        await until(`${other(name)} gets data`, 10_000, () => look(other(name)), (now) => now.seen.data.some(is));
      }
      ok('data with a topic go both ways');
    },
    async function dynacastFollows() {
      for (const name of Object.keys(SDKS)) {
        await say(other(name), 'want', 'LOW');
        const low = await until(`${name} sends one layer`, 20_000, () => look(name), (now) => now.layers.length === 1);
        await say(other(name), 'want', 'HIGH');
        const high = await until(`${name} sends all layers`, 20_000, () => look(name), (now) => now.layers.length > 1);
        await flowing(other(name), await look(other(name)));
        ok(`${name} sends layers ${low.layers} when low is wanted, ${high.layers} when high is`);
      }
    },
    async function unpublishedAndPublished() {
      for (const name of Object.keys(SDKS)) {
        await say(name, 'unpublish');
        await until(`${other(name)} loses the video`, 10_000, () => look(other(name)), (now) => now.video === null);
        await say(name, 'publish');
        await flowing(other(name), null);
      }
      ok('a camera that is unpublished and published again is seen');
    },
    async function codecsAreForwarded() {
      for (const name of Object.keys(SDKS)) {
        for (const videoCodec of ['vp9', 'av1', 'h264', 'vp8']) {
          await say(name, 'unpublish');
          await until(`${other(name)} loses the video`, 10_000, () => look(other(name)), (now) => now.video === null);
          await say(name, 'publish', { videoCodec, backupCodec: false });
          const { video } = await flowing(other(name), null);
          if (video.codec.toLowerCase() !== `video/${videoCodec}`) {
            throw new Error(`${other(name)} gets ${video.codec} instead of ${videoCodec} from ${name}`);
          }
          ok(`${other(name)}: ${video.framesDecoded} frames of ${video.codec} from ${name}`);
        }
      }
    },
    async function cutAndResumed() {
      for (const name of Object.keys(SDKS)) {
        const before = { own: await look(name), other: await look(other(name)) };
        const at = Date.now();
        if (ways[name].cut() === 0) throw new Error('there was nothing to cut');
        const good = (now) => now.seen.resumedAt >= at;
        const resumed = await until(`${name} resumes`, 10_000, () => look(name), good);
        const took = resumed.seen.resumedAt - at;
        if (took > 2_000) throw new Error(`${name} resumed after ${took} ms`);
        await flowing(name, resumed);
        await flowing(other(name), before.other);
        const after = await until(`${name} is connected`, 20_000, () => look(name), (now) => now.state === 'connected');
        if (after.sid !== before.own.sid) throw new Error(`${name} is another participant: ${after.sid}`);
        const seen = await look(other(name));
        if (seen.seen.left !== 0) throw new Error(`${other(name)} saw it leave`);
        await say(name, 'send', `${name} is back`, 'greetings');
        const is = (d) => d.text === `${name} is back`;
        await until('data after the cut', 10_000, () => look(other(name)), (now) => now.seen.data.some(is));
        checkPath(name);
        ok(`${name}: WebSocket cut and resumed in ${took} ms, the same participant, media and data go on`);
      }
    },
    async function oneLeaves() {
      await say('old', 'leave');
      await until('new sees old leave', 10_000, () => look('new'), (now) => now.seen.left === 1 && now.others.length === 0);
      const answer = await fetch(`http://127.0.0.1:${worker.privatePort}/v1/rooms`);
      if (!answer.ok) throw new Error(`/v1/rooms: ${answer.status}`);
      ok('one leaves and the other sees it');
    },
  ];
}

async function main() {
  const dir = mkdtempSync(join(tmpdir(), 'dtel-signalling-'));
  const artefacts = process.env.DTEL_ARTEFACTS || dir;
  const microphone = join(dir, 'voice.wav');
  await writeFile(microphone, voice());
  const cleanup = [];
  const pages = {};
  const links = {};
  const lines = [];
  try {
    const worker = await startWorker(join(dir, 'data'), artefacts);
    cleanup.push(() => worker.child.kill('SIGTERM'));
    const ways = {};
    for (const name of Object.keys(SDKS)) {
      ways[name] = await cuttable(worker.publicPort);
      cleanup.push(() => ways[name].close());
    }
    const { server, url } = await servePages();
    cleanup.push(() => server.close());
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
        '--autoplay-policy=no-user-gesture-required',
        `--use-file-for-fake-audio-capture=${microphone}`,
      ],
    });
    cleanup.push(() => browser.close());
    for (const name of Object.keys(SDKS)) {
      const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
      pages[name] = await context.newPage();
      links[name] = [];
      pages[name].on('websocket', (socket) => links[name].push(socket.url()));
      pages[name].on('console', (message) => lines.push(`${name}: ${message.text()}`));
      pages[name].on('pageerror', (error) => lines.push(`${name}: ${error.stack}`));
      await pages[name].goto(url(name));
      await pages[name].waitForFunction(() => globalThis.call !== undefined);
    }
    const wanted = process.argv.slice(2);
    for (const step of steps(pages, ways, worker, links)) {
      if (wanted.length === 0 || step.name === 'bothJoin' || wanted.includes(step.name)) await step();
    }
  } catch (error) {
    console.log(lines.slice(-80).join('\n'));
    throw error;
  } finally {
    if (process.env.DTEL_ARTEFACTS) {
      for (const [name, page] of Object.entries(pages)) {
        await page.screenshot({ path: join(artefacts, `signalling-${name}.png`) }).catch(() => {});
      }
    }
    for (const end of cleanup.reverse()) await end();
    if (artefacts !== dir) await rm(dir, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.log(`not ok - ${error.stack ?? error}`);
    process.exit(1);
  },
);
