// The proof in headless Chromium: both client SDKs as they are published, in one room on a daemon, with tokens of the
// server SDK as it is published. See proof/steps.mjs for what is proved.
//
//   cargo build -p dtel-worker --example standalone && npm ci && node proof.mjs [--json] [steps]
//
// Environment: DTEL_STANDALONE (the example's binary; target/debug/examples/standalone by default), CHROMIUM, DTEL_ARTEFACTS
// (a directory for screenshots and the daemon's log). Everything listens on loopback; media pass a relay that can lose and
// hold back. Steps are named by their functions; without names all are made. Ends with 0 if all checks passed.

import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiKey, cuttable, freePorts, launch, report, servePages, voice, worker } from './proof/harness.mjs';
import { relay } from './proof/relay.mjs';
import { steps } from './proof/steps.mjs';

/** What every step needs: the call. */
const ALWAYS = 'twoJoinWithBothPackages';

async function main(json, wanted) {
  const dir = mkdtempSync(join(tmpdir(), 'dtel-proof-'));
  const artefacts = process.env.DTEL_ARTEFACTS || dir;
  const cleanup = [];
  const checks = [];
  const lines = [];
  const world = { api: apiKey(), links: {}, pages: {}, ways: {} };
  try {
    const microphone = join(dir, 'voice.wav');
    await writeFile(microphone, voice());
    const [mediaPort] = await freePorts(1);
    world.relay = await relay(mediaPort);
    cleanup.push(() => world.relay.close());
    world.worker = await worker(dir, artefacts, world.api, mediaPort, world.relay.port);
    cleanup.push(() => world.worker.kill('SIGTERM'));
    const { server, url } = await servePages();
    cleanup.push(() => server.close());
    const browser = await launch(microphone);
    cleanup.push(() => browser.close());
    world.open = async (name) => {
      world.ways[name] = await cuttable(world.worker.publicPort);
      cleanup.push(() => world.ways[name].close());
      const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
      const page = await context.newPage();
      page.on('console', (message) => lines.push(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => lines.push(`${name}: ${error.stack}`));
      world.links[name] = [];
      page.on('websocket', (socket) => world.links[name].push(socket.url()));
      await page.goto(url(name.replace(/\d+$/, '')));
      await page.waitForFunction(() => globalThis.call !== undefined);
      world.pages[name] = page;
    };
    for (const name of ['old', 'new']) await world.open(name);
    for (const step of steps(world)) {
      if (wanted.length > 0 && step.name !== ALWAYS && !wanted.includes(step.name)) continue;
      const begin = performance.now();
      const check = { name: words(step.name), passed: false, seconds: 0, seen: '' };
      checks.push(check);
      try {
        check.seen = await step();
        check.passed = true;
      } catch (error) {
        check.seen = error.message.slice(0, 200);
        lines.push(error.stack);
        throw error;
      } finally {
        check.seconds = (performance.now() - begin) / 1000;
        if (!json) console.error(`${check.passed ? 'ok' : 'not ok'} - ${check.name} (${check.seconds.toFixed(1)} s)`);
      }
    }
  } catch (error) {
    console.error(lines.slice(-80).join('\n'));
    console.error(error.stack);
    checks.push({ name: 'all steps were made', passed: false, seconds: 0, seen: 'ended at the first that failed' });
  } finally {
    if (process.env.DTEL_ARTEFACTS) {
      for (const [name, page] of Object.entries(world.pages)) {
        await page.screenshot({ path: join(artefacts, `proof-${name}.png`) }).catch(() => {});
      }
    }
    for (const end of cleanup.reverse()) await end();
    await rm(dir, { recursive: true, force: true });
  }
  report(checks, json);
  return checks.every((check) => check.passed);
}

/** `twoJoin` as "two join". */
function words(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const args = process.argv.slice(2);
main(args.includes('--json'), args.filter((arg) => !arg.startsWith('--'))).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
