// What runs in each page: joins with the unmodified SDK, publishes the fake devices, and tells what it receives.

const { Room, RoomEvent } = globalThis['@dtelecom/livekitClient'];

const room = new Room({ adaptiveStream: false, dynacast: false });
const remote = { audio: null, video: null };
const log = [];

function note(line) {
  log.push(line);
  console.log(line);
}

room
  .on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
    note(`subscribed to ${track.kind} of ${participant.identity}`);
    remote[track.kind] = track;
    document.getElementById('remote').append(track.attach());
  })
  .on(RoomEvent.Reconnecting, () => note('reconnecting'))
  .on(RoomEvent.Disconnected, (reason) => note(`disconnected: ${reason}`));

/** Joins, then publishes camera and microphone. */
async function join(url, token, name) {
  document.getElementById('who').textContent = name;
  await room.connect(url, token);
  note('connected');
  await room.localParticipant.enableCameraAndMicrophone();
  for (const publication of room.localParticipant.videoTracks.values()) {
    document.getElementById('local').append(publication.track.attach());
  }
  note('published');
}

/** The inbound figures of a track, by getStats. */
async function inbound(track) {
  const report = await track?.receiver?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type === 'inbound-rtp') {
      const { framesDecoded, framesPerSecond, frameWidth, frameHeight, packetsReceived, packetsLost, jitter } = stats;
      return { framesDecoded, framesPerSecond, frameWidth, frameHeight, packetsReceived, packetsLost, jitter };
    }
  }
  return null;
}

/** A hash of the picture that is shown now: two differ when the video moves. */
function picture() {
  const video = document.querySelector('#remote video');
  if (!video?.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 48;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 7);
}

async function figures() {
  return {
    audio: await inbound(remote.audio),
    video: await inbound(remote.video),
    picture: picture(),
    state: room.state,
  };
}

globalThis.call = { join, figures, leave: () => room.disconnect(), log };
