// The published server SDKs against a running dtel-worker, by hand:
//
//   SEED=$(printf '07%.0s' $(seq 32))
//   cargo run -p dtel-worker --example standalone -- $SEED &
//   npm ci && DTEL_API_KEY_SEED=$SEED node server-sdk.mjs
//
// With DTEL_WORKER (the daemon's binary) two bots join, so that participants can be listed, changed, muted and sent
// away. `livekit-server-sdk` signs with a shared secret, which is no key of a chain: here it gets tokens made by
// `@dtelecom/server-sdk-js`. Ends with exit code 0 if all went as it should.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessToken, RoomServiceClient, WebhookReceiver } from '@dtelecom/server-sdk-js';
import { RoomServiceClient as LiveKitClient } from 'livekit-server-sdk';

const require = createRequire(import.meta.url);
const bs58 = createRequire(require.resolve('@dtelecom/server-sdk-js'))('bs58');
const { encode } = bs58.default ?? bs58;
const HOST = process.env.DTEL_HTTP_URL ?? 'http://127.0.0.1:7880';
const SEED = process.env.DTEL_API_KEY_SEED;
const ROOM = 'sdk';

const seed = Buffer.from(SEED ?? '', 'hex');
assert.equal(seed.length, 32, 'DTEL_API_KEY_SEED must be 64 hexadecimal digits');
const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
const pair = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
const key = encode(pair.export({ format: 'der', type: 'spki' }).subarray(-32));
const secret = encode(seed);

function token(grant, webHookURL) {
  const access = new AccessToken(key, secret, { identity: 'server', ttl: 600, webHookURL });
  access.addGrant(grant);
  return access.toJwt();
}

/** A receiver of webhooks that checks them as the SDK does, but for the registry on Solana. */
async function receiver() {
  const events = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const header = request.headers.authorization;
    const hooks = new WebhookReceiver();
    const { iss } = JSON.parse(Buffer.from(header.split('.')[1], 'base64url'));
    hooks.validNodeKeys = new Set([iss]);
    try {
      events.push(await hooks.receive(body, header));
      response.writeHead(200).end();
    } catch (error) {
      events.push(error);
      response.writeHead(400).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/hook`, events, close: () => server.close() };
}

async function until(what, condition) {
  for (let i = 0; i < 100; i += 1) {
    const found = await condition();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`${what}: waited 10 s`);
}

const admin = { roomAdmin: true, roomCreate: true, roomList: true, room: ROOM };

/** All that both SDKs can do without participants. */
async function rooms(name, client) {
  const made = await client.createRoom({ name: ROOM, emptyTimeout: 60, maxParticipants: 10, metadata: name });
  assert.equal(made.name, ROOM);
  assert.match(made.sid, /^RM_/);
  assert.equal(made.metadata, name);
  const [listed] = await client.listRooms([ROOM]);
  assert.equal(listed.sid, made.sid);
  assert.ok(Number(listed.creationTime) > 1_600_000_000);
  assert.equal((await client.updateRoomMetadata(ROOM, 'changed')).metadata, 'changed');
  assert.deepEqual(await client.listParticipants(ROOM), []);
  await client.sendData(ROOM, new TextEncoder().encode('hello'), 0, { topic: 't' });
  await assert.rejects(client.getParticipant(ROOM, 'nobody'));
  await assert.rejects(client.removeParticipant(ROOM, 'nobody'));
  await client.deleteRoom(ROOM);
  assert.deepEqual(await client.listRooms([ROOM]), []);
  await assert.rejects(client.deleteRoom(ROOM));
  console.log(`${name}: rooms, metadata, data: as they should be`);
}

/** What needs participants: two bots. */
async function participants(name, client) {
  const room = `${ROOM}-${name.length}`;
  const bots = spawn(process.env.DTEL_WORKER, [
    'bot', '--url', HOST.replace('http', 'ws'), '--room', room, '--pairs', '1', '--duration', '60', '--api-key-seed', SEED,
  ], { stdio: 'ignore' });
  try {
    const at = await until('the bots', async () => (await client(null).listRooms()).find((r) => r.name.startsWith(room)));
    const service = client(at.name);
    const people = await until('their tracks', async () => {
      const all = await service.listParticipants(at.name);
      return all.length === 2 && all.every((p) => p.tracks.length === 2) && all;
    });
    const { identity, tracks } = people[0];
    assert.equal((await service.getParticipant(at.name, identity)).identity, identity);
    assert.equal((await service.mutePublishedTrack(at.name, identity, tracks[0].sid, true)).muted, true);
    const permission = { canSubscribe: true, canPublish: true, canPublishData: false };
    const changed = await service.updateParticipant(at.name, identity, 'meta', permission, 'Name');
    assert.deepEqual([changed.metadata, changed.name, changed.permission.canPublishData], ['meta', 'Name', false]);
    await service.updateSubscriptions(at.name, people[1].identity, tracks.map((t) => t.sid), false);
    await service.removeParticipant(at.name, identity);
    const left = await service.listParticipants(at.name);
    assert.deepEqual(left.filter((p) => p.identity === identity), []);
    console.log(`${name}: participants, mute, permissions, subscriptions, removal: as they should be`);
  } finally {
    bots.kill();
    await once(bots, 'exit');
  }
}

const dtelecom = () => new RoomServiceClient(HOST, key, secret);
const livekit = (room) =>
  new LiveKitClient(HOST, undefined, undefined, { token: token({ ...admin, room: room ?? ROOM }) });

await rooms('@dtelecom/server-sdk-js', dtelecom());
await rooms('livekit-server-sdk', livekit());
if (process.env.DTEL_WORKER) {
  await participants('@dtelecom/server-sdk-js', dtelecom);
  await participants('livekit-server-sdk', livekit);
}

const hooks = await receiver();
const response = await fetch(`${HOST}/twirp/livekit.RoomService/CreateRoom`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token(admin, hooks.url)}` },
  body: JSON.stringify({ name: 'hooked' }),
});
assert.equal(response.status, 200);
await dtelecom().deleteRoom('hooked');
await until('webhooks', async () => hooks.events.length >= 2);
for (const event of hooks.events) if (event instanceof Error) throw event;
assert.deepEqual(hooks.events.map((e) => e.event), ['room_started', 'room_finished']);
assert.deepEqual([hooks.events[0].room.name, hooks.events[0].room.key], ['hooked', key]);
hooks.close();
console.log('webhooks: verified by the SDK, in order');

const refused = await fetch(`${HOST}/twirp/livekit.RoomService/ListRooms`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer x.y.z' },
  body: '{}',
});
assert.equal(refused.status, 401);
assert.equal((await refused.json()).code, 'unauthenticated');
console.log('all as it should be');
