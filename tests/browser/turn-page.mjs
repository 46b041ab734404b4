// What runs in each page of turn.mjs: joins with whatever way to the media it is told to use, and says what it has got.

const old = globalThis['@dtelecom/livekitClient'];
const { Room, RoomEvent } = old ?? globalThis.LivekitClient;

const room = new Room({ adaptiveStream: false, dynacast: true });
const remote = { audio: null, video: null };

room.on(RoomEvent.TrackSubscribed, (track) => {
  remote[track.kind] = track;
  document.getElementById('remote').append(track.attach());
});

async function join(url, token, policy) {
  await room.connect(url, token, { rtcConfig: { iceTransportPolicy: policy } });
  await room.localParticipant.enableCameraAndMicrophone();
}

/** Of the connection that a track comes by: what was received, and by which kind of candidate. */
async function inbound(track) {
  const report = await track?.receiver?.getStats();
  const all = [...(report?.values() ?? [])];
  const media = all.find((stats) => stats.type === 'inbound-rtp');
  if (!media) return null;
  const transport = all.find((stats) => stats.type === 'transport');
  const pair = report.get(transport?.selectedCandidatePairId);
  const { framesDecoded, packetsReceived, totalAudioEnergy } = media;
  const local = report.get(pair?.localCandidateId);
  return { framesDecoded, packetsReceived, totalAudioEnergy, by: local?.candidateType, relay: local?.relayProtocol };
}

/** How what is published leaves. */
async function outbound() {
  const publications = old ? room.localParticipant.tracks : room.localParticipant.trackPublications;
  for (const { track } of publications.values()) {
    const report = await track?.sender?.getStats();
    const all = [...(report?.values() ?? [])];
    const transport = all.find((stats) => stats.type === 'transport');
    const pair = report?.get(transport?.selectedCandidatePairId);
    if (pair) return report.get(pair.localCandidateId)?.candidateType;
  }
  return null;
}

globalThis.call = {
  join,
  look: async () => ({
    state: room.state,
    audio: await inbound(remote.audio),
    video: await inbound(remote.video),
    out: await outbound(),
  }),
  leave: () => room.disconnect(),
};
