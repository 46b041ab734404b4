// What runs in each page of the proof: one small surface over both SDKs, whose names differ.

const old = globalThis['@dtelecom/livekitClient'];
const sdk = old ?? globalThis.LivekitClient;
const { Room, RoomEvent, Track, DataPacket_Kind, VideoQuality } = sdk;

let room = null;
const seen = { data: [], speakers: [], left: [], log: [], resumedAt: 0, disconnected: null, localMuted: {} };

function note(line) {
  seen.log.push(`${Math.round(performance.now())} ${line}`);
  console.log(line);
}

function watch() {
  room
    .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
      note(`subscribed to ${publication.source} of ${participant.identity}`);
      document.getElementById('remote').append(track.attach());
    })
    .on(RoomEvent.TrackUnsubscribed, (track, publication, participant) => {
      note(`unsubscribed from ${publication.source} of ${participant.identity}`);
      for (const element of track.detach()) element.remove();
    })
    .on(RoomEvent.TrackMuted, (publication, participant) => {
      if (participant === room.localParticipant) seen.localMuted[publication.source] = true;
    })
    .on(RoomEvent.ParticipantDisconnected, ({ identity }) => seen.left.push(identity))
    .on(RoomEvent.DataReceived, (payload, participant, kind, topic) => {
      seen.data.push({ text: new TextDecoder().decode(payload), from: participant?.identity, kind, topic });
    })
    .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
      for (const { identity } of speakers) if (!seen.speakers.includes(identity)) seen.speakers.push(identity);
    })
    .on(RoomEvent.Reconnecting, () => note('reconnecting'))
    .on(RoomEvent.Reconnected, () => note('reconnected'))
    .on(RoomEvent.Disconnected, (reason) => {
      seen.disconnected = reason ?? 'without a reason';
      note(`disconnected: ${reason}`);
    });
}

/** Connects; what the SDK says if it may not. */
async function join(url, token, name) {
  document.getElementById('who').textContent = name;
  room = new Room({ adaptiveStream: false, dynacast: true });
  watch();
  try {
    await room.connect(url, token, { maxRetries: 0 });
  } catch (error) {
    note(`refused: ${error.message}`);
    return { message: error.message, status: error.status ?? null, reason: error.reason ?? null };
  }
  // Not of the SDKs' surface: when the signalling is back, which is before they say so.
  room.engine.on('signalResumed', () => (seen.resumedAt = Date.now()));
  note('connected');
  return null;
}

/** Turns camera and microphone on. Height of the picture: simulcast begins at 360 lines. */
async function publish(height, options) {
  const resolution = { width: (height * 16) / 9, height, frameRate: 15 };
  await room.localParticipant.setMicrophoneEnabled(true);
  await room.localParticipant.setCameraEnabled(true, { resolution }, options);
  note('published');
}

async function inbound(track) {
  const report = await track?.receiver?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type !== 'inbound-rtp') continue;
    const { framesDecoded, packetsReceived, totalAudioEnergy, frameWidth, frameHeight } = stats;
    const codec = report.get(stats.codecId)?.mimeType;
    return { framesDecoded, packetsReceived, totalAudioEnergy, frameWidth, frameHeight, codec };
  }
  return null;
}

const publicationsOf = (participant) => [...(old ? participant.tracks : participant.trackPublications).values()];
const others = () => [...((old ? room?.participants : room?.remoteParticipants) ?? new Map()).values()];

async function remote(participant) {
  const tracks = {};
  for (const publication of publicationsOf(participant)) {
    const stats = await inbound(publication.track);
    tracks[publication.source] = { sid: publication.trackSid, muted: publication.isMuted, subscribed: publication.isSubscribed, ...stats };
  }
  return { sid: participant.sid, metadata: participant.metadata, quality: participant.connectionQuality, tracks };
}

async function look() {
  const remotes = {};
  for (const participant of others()) remotes[participant.identity] = await remote(participant);
  return {
    remotes,
    state: room?.state,
    sid: room?.localParticipant.sid,
    quality: room?.localParticipant.connectionQuality,
    published: room ? publicationsOf(room.localParticipant).map((p) => ({ source: p.source, sid: p.trackSid, muted: p.isMuted })) : [],
    seen: structuredClone(seen),
  };
}

const of = (identity, source) =>
  publicationsOf(others().find((p) => p.identity === identity)).find((p) => p.source === source);

async function send(text, topic, reliable) {
  const payload = new TextEncoder().encode(text);
  const kind = reliable ? DataPacket_Kind.RELIABLE : DataPacket_Kind.LOSSY;
  if (old) await room.localParticipant.publishData(payload, kind, { topic });
  else await room.localParticipant.publishData(payload, { reliable, topic });
}

/** A moving picture: what a screen shows. */
function canvasTrack() {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 360];
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${(frame += 7) % 360} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 100);
  document.body.append(canvas);
}

globalThis.call = {
  join,
  publish,
  look,
  send,
  canvasTrack,
  mute: (muted) => room.localParticipant.setMicrophoneEnabled(!muted),
  screen: (on) => room.localParticipant.setScreenShareEnabled(on),
  quality: (identity, quality) => of(identity, Track.Source.Camera).setVideoQuality(VideoQuality[quality]),
  subscribe: (identity, source, on) => of(identity, source).setSubscribed(on),
  unpublish: async (source) => {
    const publication = publicationsOf(room.localParticipant).find((p) => p.source === source);
    await room.localParticipant.unpublishTrack(publication.track);
  },
  leave: () => room.disconnect(),
};
