// What runs in each page of signalling.mjs: one small surface over both SDKs, whose names differ.

const old = globalThis['@dtelecom/livekitClient'];
const { Room, RoomEvent, Track, DataPacket_Kind, VideoQuality } = old ?? globalThis.LivekitClient;

const room = new Room({ adaptiveStream: false, dynacast: true });
const remote = { audio: null, video: null };
const publications = { audio: null, video: null };
const seen = { muted: {}, metadata: null, attributes: {}, data: [], speakers: [], left: 0, log: [], resumedAt: null };

function note(line) {
  seen.log.push(`${Math.round(performance.now())} ${line}`);
  console.log(line);
}

room
  .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
    note(`subscribed to ${track.kind} of ${participant.identity}`);
    remote[track.kind] = track;
    publications[track.kind] = publication;
    document.getElementById('remote').append(track.attach());
  })
  .on(RoomEvent.TrackUnsubscribed, (track) => {
    note(`unsubscribed from ${track.kind}`);
    remote[track.kind] = null;
  })
  .on(RoomEvent.TrackMuted, (publication) => (seen.muted[publication.kind] = true))
  .on(RoomEvent.TrackUnmuted, (publication) => (seen.muted[publication.kind] = false))
  .on(RoomEvent.ParticipantMetadataChanged, (_, participant) => (seen.metadata = participant.metadata))
  .on(RoomEvent.ParticipantDisconnected, () => (seen.left += 1))
  .on(RoomEvent.DataReceived, (payload, participant, _, topic) => {
    seen.data.push({ text: new TextDecoder().decode(payload), from: participant?.identity, topic });
  })
  .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
    for (const { identity } of speakers) if (!seen.speakers.includes(identity)) seen.speakers.push(identity);
  })
  .on(RoomEvent.Reconnecting, () => note('reconnecting'))
  .on(RoomEvent.Reconnected, () => note('reconnected'))
  .on(RoomEvent.Disconnected, (reason) => note(`disconnected: ${reason}`));
if (RoomEvent.ParticipantAttributesChanged) {
  room.on(RoomEvent.ParticipantAttributesChanged, (_, participant) => (seen.attributes = { ...participant.attributes }));
}

async function join(url, token, name) {
  document.getElementById('who').textContent = name;
  await room.connect(url, token);
  // Not of the SDKs' surface: when the signalling is back, which is before they say so.
  room.engine.on('signalResumed', () => {
    seen.resumedAt = Date.now();
    note('signalling resumed');
  });
  note('connected');
  await room.localParticipant.enableCameraAndMicrophone();
  note('published');
}

async function inbound(track) {
  const report = await track?.receiver?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type === 'inbound-rtp') {
      const { framesDecoded, packetsReceived, totalAudioEnergy, audioLevel } = stats;
      const codec = report.get(stats.codecId)?.mimeType;
      return { framesDecoded, packetsReceived, totalAudioEnergy, audioLevel, codec };
    }
  }
  return null;
}

/** Which layers of the camera are sent, by their RIDs. */
async function layers() {
  const publication = source(Track.Source.Camera);
  const sender = publication?.track?.sender;
  const encodings = sender?.getParameters().encodings ?? [];
  return encodings.filter((encoding) => encoding.active !== false).map((encoding) => encoding.rid);
}

function source(wanted) {
  const participant = room.localParticipant;
  return old ? participant.getTrack(wanted) : participant.getTrackPublication(wanted);
}

async function look() {
  const others = [...(old ? room.participants : room.remoteParticipants).values()];
  return {
    audio: await inbound(remote.audio),
    video: await inbound(remote.video),
    layers: await layers(),
    state: room.state,
    sid: room.localParticipant.sid,
    others: others.map(({ identity, sid, metadata, name }) => ({ identity, sid, metadata, name })),
    count: room.numParticipants,
    quality: room.localParticipant.connectionQuality,
    seen: structuredClone(seen),
  };
}

async function send(text, topic) {
  const payload = new TextEncoder().encode(text);
  if (old) await room.localParticipant.publishData(payload, DataPacket_Kind.RELIABLE, { topic });
  else await room.localParticipant.publishData(payload, { reliable: true, topic });
}

globalThis.call = {
  join,
  look,
  send,
  mute: (muted) => room.localParticipant.setMicrophoneEnabled(!muted),
  describe: async (metadata, attributes) => {
    await room.localParticipant.setMetadata(metadata);
    if (!old) await room.localParticipant.setAttributes(attributes);
  },
  want: (quality) => publications.video.setVideoQuality(VideoQuality[quality]),
  unpublish: async () => {
    const { track } = source(Track.Source.Camera);
    await room.localParticipant.unpublishTrack(track.mediaStreamTrack ? track : track.track);
  },
  publish: (options) => room.localParticipant.setCameraEnabled(true, undefined, options),
  leave: () => room.disconnect(),
};
