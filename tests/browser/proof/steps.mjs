// The steps of the proof, in their order. Each looks at what the pages see and gives a line of figures.

import { RoomServiceClient } from '@dtelecom/server-sdk-js';
import { apiKey, PATHS, SDKS, token, until } from './harness.mjs';

const PATIENCE = 40_000;
const ROOM = 'proof';
/** Those of the steps for two, of both packages. */
const PAIR = ['old', 'new'];
const peer = (name) => (name === 'old' ? 'new' : 'old');

/** `world`: see proof.mjs. */
export function steps(world) {
  const { api, links, pages, relay, ways, worker } = world;
  const say = (name, verb, ...args) =>
    pages[name].evaluate(([verb, args]) => globalThis.call[verb](...args), [verb, args]);
  const look = (name) => say(name, 'look');
  const camera = (now, of) => now.remotes[of]?.tracks.camera;
  const microphone = (now, of) => now.remotes[of]?.tracks.microphone;
  const enter = async (name, height) => {
    const refused = await say(name, 'join', ways[name].url, token(api, ROOM, name), name);
    if (refused) throw new Error(`${name} was refused: ${JSON.stringify(refused)}`);
    await say(name, 'publish', height);
  };
  /** `name` decodes more frames and hears more of `of` than `before`. */
  const flowing = (name, of, before, frames = 8, ms = PATIENCE) =>
    until(`${name} hears and sees ${of}`, ms, () => look(name), (now) => {
      const more = (source, key) =>
        (now.remotes[of]?.tracks[source]?.[key] ?? 0) - (before?.remotes[of]?.tracks[source]?.[key] ?? 0);
      const energy = more('microphone', 'totalAudioEnergy');
      return more('camera', 'framesDecoded') >= frames && more('microphone', 'packetsReceived') >= 25 && energy > 1e-4;
    });
  const both = (what) => Promise.all(PAIR.map(what));
  const media = (now, of) =>
    `${camera(now, of).framesDecoded} frames, energy ${microphone(now, of).totalAudioEnergy.toFixed(3)}`;

  const service = new RoomServiceClient(worker.http, api.key, api.secret);

  return [
    async function tokensAreRefused() {
      const seen = [];
      const forged = token({ ...apiKey(), key: api.key }, ROOM, 'mallory');
      const stranger = token(apiKey(), ROOM, 'mallory');
      const expired = token(api, ROOM, 'mallory', -60);
      for (const name of PAIR) {
        for (const [what, bad] of Object.entries({ expired, forged, stranger })) {
          const refused = await say(name, 'join', ways[name].url, bad, name);
          // Both say `NotAllowed`, which is their first reason, and the status.
          if (refused?.reason !== 0 || refused.status !== 401) throw new Error(`${what}: ${JSON.stringify(refused)}`);
        }
        seen.push(`${name}: 401, NotAllowed`);
        links[name].length = 0;
      }
      return seen.join('; ');
    },
    async function twoJoinWithBothPackages() {
      await both((name) => enter(name, 360));
      const seen = await both(async (name) => {
        const first = await flowing(name, peer(name), null);
        const now = await flowing(name, peer(name), first);
        const paths = [...new Set(links[name].map((url) => new URL(url).pathname))];
        if (paths.join() !== PATHS[name]) throw new Error(`${name} uses ${paths}`);
        return `${SDKS[name]} by ${paths}: ${media(now, peer(name))}`;
      });
      return seen.join('; ');
    },
    async function speakersAreSeen() {
      await both((name) =>
        until(`${name} sees both speak`, PATIENCE, () => look(name), (now) => PAIR.every((n) => now.seen.speakers.includes(n))),
      );
      return 'each sees both';
    },
    async function dataGoBothWays() {
      for (const name of PAIR) {
        for (const reliable of [true, false]) {
          const text = `${reliable ? 'reliable' : 'lossy'} from ${name}`;
          await say(name, 'send', text, 'topic', reliable);
          const is = (d) => d.text === text && d.from === name && d.topic === 'topic';
          await until(`${peer(name)} gets ${text}`, 10_000, () => look(peer(name)), (now) => now.seen.data.some(is));
        }
      }
      return 'reliable and lossy, with a topic';
    },
    async function muteIsHeard() {
      for (const name of PAIR) {
        await say(name, 'mute', true);
        await until(`${peer(name)} sees it`, 10_000, () => look(peer(name)), (now) => microphone(now, name)?.muted);
        const quiet = await look(peer(name));
        await say(name, 'mute', false);
        await until(`${peer(name)} sees that too`, 10_000, () => look(peer(name)), (now) => !microphone(now, name)?.muted);
        await flowing(peer(name), name, quiet);
      }
      return 'seen and undone, both ways';
    },
    async function roomServiceMutes() {
      for (const name of PAIR) {
        const { published } = await look(name);
        const { sid } = published.find((p) => p.source === 'microphone');
        const track = await service.mutePublishedTrack(ROOM, name, sid, true);
        if (!track.muted) throw new Error(JSON.stringify(track));
        await until(`${name} is muted`, 10_000, () => look(name), (now) => now.published.find((p) => p.sid === sid)?.muted);
        await until(`${peer(name)} sees it`, 10_000, () => look(peer(name)), (now) => microphone(now, name)?.muted);
        const quiet = await look(peer(name));
        await say(name, 'mute', false);
        await flowing(peer(name), name, quiet);
      }
      return `${PAIR.join(', ')}: muted by the app, and unmuted by themselves`;
    },
    async function layersSwitchOnDemand() {
      const seen = await both(async (name) => {
        const wide = (await until(`${name} gets the high layer`, PATIENCE, () => look(name), (now) => camera(now, peer(name))?.frameWidth >= 640));
        await say(name, 'quality', peer(name), 'LOW');
        const low = await until(`${name} gets the low layer`, PATIENCE, () => look(name), (now) => camera(now, peer(name))?.frameWidth < 640);
        await say(name, 'quality', peer(name), 'HIGH');
        const high = await until(`${name} gets the high layer again`, PATIENCE, () => look(name), (now) => camera(now, peer(name))?.frameWidth >= 640);
        const width = (now) => camera(now, peer(name)).frameWidth;
        return `${name}: ${width(wide)} → ${width(low)} → ${width(high)} wide`;
      });
      return seen.join('; ');
    },
    async function unsubscribedAndSubscribed() {
      for (const name of PAIR) {
        await say(name, 'subscribe', peer(name), 'camera', false);
        await until(`${name} loses the video`, 10_000, () => look(name), (now) => camera(now, peer(name))?.framesDecoded === undefined);
        await say(name, 'subscribe', peer(name), 'camera', true);
        await flowing(name, peer(name), null);
      }
      return 'both ways';
    },
    async function screenIsShared() {
      const seen = [];
      for (const name of PAIR) {
        await say(name, 'canvasTrack');
        await say(name, 'screen', true);
        const screen = (now) => now.remotes[name]?.tracks.screen_share;
        const now = await until(`${peer(name)} sees the screen`, PATIENCE, () => look(peer(name)), (n) => screen(n)?.framesDecoded >= 5);
        await say(name, 'screen', false);
        await until(`${peer(name)} sees it end`, 10_000, () => look(peer(name)), (n) => !screen(n));
        seen.push(`${name}: ${screen(now).framesDecoded} frames of ${screen(now).frameWidth}×${screen(now).frameHeight}`);
      }
      return seen.join('; ');
    },
    async function layersFollowAShapedLink() {
      const width = (now, name) => camera(now, peer(name))?.frameWidth ?? 0;
      relay.shape({}, { kbps: 170 });
      const low = await both((name) => until(`${name} gets a low layer`, PATIENCE, () => look(name), (now) => width(now, name) < 640));
      relay.shape({}, {});
      const high = await both((name) => until(`${name} gets the high layer again`, PATIENCE, () => look(name), (now) => width(now, name) >= 640));
      return `at 170 kbit/s ${PAIR.map((n, i) => width(low[i], n))} wide, without a bound ${PAIR.map((n, i) => width(high[i], n))}`;
    },
    async function qualityFollowsLoss() {
      const quality = (good) => both((name) => until(`the quality that ${name} sees`, PATIENCE, () => look(name), (now) => good(now.quality)));
      await quality((q) => q === 'excellent' || q === 'good');
      const at = Date.now();
      relay.shape({ loss: 0.3 }, { loss: 0.3 });
      const low = await quality((q) => q === 'poor' || q === 'lost');
      const dropped = Date.now() - at;
      relay.shape({}, {});
      const high = await quality((q) => q === 'excellent' || q === 'good');
      const took = Date.now() - at - dropped;
      const classes = (looks) => looks.map((now) => now.quality).join('/');
      return `30 % loss: ${classes(low)} after ${(dropped / 1000).toFixed(1)} s; without: ${classes(high)} after ${(took / 1000).toFixed(1)} s`;
    },
    async function cutAndResumed() {
      const seen = [];
      for (const name of PAIR) {
        const before = { own: await look(name), other: await look(peer(name)) };
        const at = Date.now();
        if (ways[name].cut() === 0) throw new Error('there was nothing to cut');
        const resumed = await until(`${name} resumes`, 10_000, () => look(name), (now) => now.seen.resumedAt >= at);
        const took = resumed.seen.resumedAt - at;
        if (took > 2_000) throw new Error(`${name} resumed after ${took} ms`);
        const after = await flowing(name, peer(name), resumed);
        await flowing(peer(name), name, before.other);
        if (after.sid !== before.own.sid) throw new Error(`${name} is another participant: ${after.sid}`);
        if ((await look(peer(name))).seen.left.includes(name)) throw new Error(`${peer(name)} saw it leave`);
        await until(`${name} is connected`, 20_000, () => look(name), (now) => now.state === 'connected');
        seen.push(`${name}: ${took} ms`);
      }
      return seen.join('; ');
    },
    async function workerIsRestarted() {
      const before = await both(look);
      const at = Date.now();
      await worker.kill('SIGKILL');
      await worker.start();
      const started = Date.now();
      // They are other participants now, and what they see are other tracks.
      const back = (now, name, was) =>
        now.state === 'connected' &&
        now.sid !== was.sid &&
        now.remotes[peer(name)]?.sid !== was.remotes[peer(name)].sid &&
        camera(now, peer(name))?.framesDecoded > 0 &&
        microphone(now, peer(name))?.packetsReceived > 0;
      await both((name) =>
        until(`${name} is back`, 30_000, () => look(name), (now) => back(now, name, before[PAIR.indexOf(name)])),
      );
      const took = Date.now() - at;
      if (took > 10_000) throw new Error(`back after ${took} ms`);
      const paths = [...new Set(links.new.map((url) => new URL(url).pathname))];
      if (paths.join() !== PATHS.new) throw new Error(`new uses ${paths}`);
      return `killed; up after ${started - at} ms, both in the call again after ${took} ms`;
    },
    async function roomServiceRemoves() {
      for (const name of PAIR) {
        await service.removeParticipant(ROOM, name);
        // DisconnectReason.PARTICIPANT_REMOVED.
        await until(`${name} is sent away`, 10_000, () => look(name), (now) => now.seen.disconnected === 4);
      }
      if ((await service.listParticipants(ROOM)).length !== 0) throw new Error('somebody is left');
      return `${PAIR.join(', ')}: sent away for good`;
    },
    async function sixInOneRoom() {
      const all = [];
      for (const name of ['old', 'new', 'old2', 'new2', 'old3', 'new3']) {
        if (!pages[name]) await world.open(name);
        await enter(name, 90);
        if (all.length > 0) await flowing(all[0], name, null);
        all.push(name);
      }
      const seen = await Promise.all(
        all.map(async (name) => {
          const looks = await Promise.all(all.filter((n) => n !== name).map((of) => flowing(name, of, null, 8, 60_000)));
          return Object.keys(looks.at(-1).remotes).length;
        }),
      );
      if (seen.some((count) => count !== 5)) throw new Error(`they see ${seen}`);
      for (const name of all.slice(1)) {
        await say(name, 'leave');
        await until(`old sees ${name} leave`, 10_000, () => look('old'), (now) => now.seen.left.includes(name));
      }
      return 'three of each package: each sees and hears five others';
    },
  ];
}
