// A UDP relay before a daemon's media port, with bounds on what passes: losses, a rate and a delay in each direction. The
// daemon tells clients the relay's port (`media.advertise-port`). Every client address has a socket of its own towards the
// daemon, so that the daemon tells them apart.

import { createSocket } from 'node:dgram';

/** Longest time that a datagram waits for its turn on a bounded link, in ms; what would wait longer is lost. */
const QUEUE_MS = 200;
/** Clients at a time; the oldest one makes place. */
const CLIENTS = 512;

/** A seeded generator (mulberry32), so that two runs lose alike. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One direction: `loss` 0 to 1, `kbps` for each client (0: any), `delay` in ms. */
class Direction {
  constructor() {
    this.random = seeded(7);
    this.counts = { passed: 0, lost: 0 };
    this.set({});
  }

  set({ loss = 0, kbps = 0, delay = 0 }) {
    Object.assign(this, { loss, kbps, delay });
  }

  /** Sends a datagram of a client when its turn comes, or loses it. `lane` remembers when the link is free. */
  pass(bytes, lane, send) {
    const now = performance.now();
    let wait = this.delay;
    if (this.loss > 0 && this.random() < this.loss) return this.lose();
    if (this.kbps > 0) {
      const begin = Math.max(lane.free ?? 0, now);
      if (begin - now > QUEUE_MS) return this.lose();
      lane.free = begin + (bytes.length * 8) / this.kbps;
      wait += lane.free - now;
    }
    this.counts.passed += 1;
    if (wait < 1) send();
    else setTimeout(send, wait);
  }

  lose() {
    this.counts.lost += 1;
  }
}

/** Listens on a free port of loopback. `target`: the daemon's media port. */
export async function relay(target) {
  const up = new Direction();
  const down = new Direction();
  const clients = new Map();
  const front = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
  let closed = false;
  const quiet = (socket) => socket.on('error', () => {});

  function client(address, port) {
    const name = `${address}:${port}`;
    const known = clients.get(name);
    if (known) return known;
    if (clients.size >= CLIENTS) {
      const [oldest, gone] = clients.entries().next().value;
      gone.socket.close();
      clients.delete(oldest);
    }
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    const one = { socket, up: {}, down: {} };
    quiet(socket);
    socket.on('message', (bytes) => {
      down.pass(bytes, one.down, () => closed || front.send(bytes, port, address));
    });
    clients.set(name, one);
    return one;
  }

  quiet(front);
  front.on('message', (bytes, { address, port }) => {
    const one = client(address, port);
    up.pass(bytes, one.up, () => {
      if (!closed && clients.get(`${address}:${port}`) === one) one.socket.send(bytes, target, '127.0.0.1');
    });
  });
  await new Promise((ready) => front.bind(0, '127.0.0.1', ready));
  return {
    port: front.address().port,
    /** Bounds for what comes from clients and what goes to them; `{}` for none. */
    shape(upward, downward) {
      up.set(upward);
      down.set(downward);
    },
    counts: () => ({ up: { ...up.counts }, down: { ...down.counts } }),
    close() {
      closed = true;
      front.close();
      for (const { socket } of clients.values()) socket.close();
    },
  };
}
