"""Two participants on aiortc hold a call through a dtel-worker without a chain.

aiortc is a WebRTC stack of its own: ICE, DTLS, SRTP, RTP and the jitter buffer are Python, the codecs FFmpeg's. Each participant
publishes a tone and moving pictures of its own brightness, and must hear and see those of the other. One speaks protobuf in its
signalling, the other JSON.

Environment: DTEL_WORKER (the program; target/debug/dtel-worker by default), DTEL_ARTEFACTS (a directory for the daemon's log).
Everything listens on loopback.
"""

import asyncio
import base64
import fractions
import hashlib
import hmac
import json
import math
import os
import pathlib
import socket
import sys
import tempfile
import time
import urllib.request

import aioice.ice
import numpy
from aiortc import AudioStreamTrack, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame, VideoFrame
from google.protobuf import json_format
from livekit.protocol import models, rtc
from websockets.asyncio.client import connect

HERE = pathlib.Path(__file__).resolve().parent
WORKER = os.environ.get("DTEL_WORKER") or str(HERE / "../../target/debug/dtel-worker")
KEY = ("devkey", "a secret for tests alone")
PATIENCE = 60
RATE = 48_000
# What must have come of the other, before all is well.
FRAMES, BLOCKS = 60, 150

# It leaves loopback out otherwise.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def token(identity):
    """As LiveKit's server SDKs make it."""
    now = int(time.time())
    video = {"roomJoin": True, "room": "foreign"}
    claims = {"iss": KEY[0], "sub": identity, "name": identity, "nbf": now - 5, "exp": now + 600, "video": video}
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    text = lambda value: part(json.dumps(value).encode())
    signed = f"{text({'alg': 'HS256', 'typ': 'JWT'})}.{text(claims)}"
    return f"{signed}.{part(hmac.new(KEY[1].encode(), signed.encode(), hashlib.sha256).digest())}"


class Tone(AudioStreamTrack):
    """A sine of one pitch, in blocks of 20 ms."""

    def __init__(self, pitch):
        super().__init__()
        self.pitch, self.position, self.began = pitch, 0, None

    async def recv(self):
        count = RATE // 50
        if self.began is None:
            self.began = time.monotonic()
        await asyncio.sleep(max(0, self.began + self.position / RATE - time.monotonic()))
        t = (numpy.arange(count) + self.position) / RATE
        samples = (8_000 * numpy.sin(2 * math.pi * self.pitch * t)).astype(numpy.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.position, fractions.Fraction(1, RATE)
        self.position += count
        return frame


class Pictures(VideoStreamTrack):
    """A bar that moves over a ground of one brightness."""

    def __init__(self, ground):
        super().__init__()
        self.ground, self.count = ground, 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        picture = numpy.full((240, 320, 3), self.ground, dtype=numpy.uint8)
        at = self.count * 4 % 320
        picture[:, at : at + 8] = 255 - self.ground
        self.count += 1
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Participant:
    """LiveKit's signalling up to protocol 9: a connection for what it publishes, another for what it gets."""

    def __init__(self, name, pitch, ground, as_json):
        self.name, self.as_json = name, as_json
        self.tracks = [Tone(pitch), Pictures(ground)]
        self.publisher, self.subscriber = RTCPeerConnection(), RTCPeerConnection()
        self.unconfirmed = len(self.tracks)
        self.heard, self.seen, self.grounds, self.bars = [], 0, [], set()
        self.tasks, self.socket, self.joined = [], None, None
        self.subscriber.on("track", self.on_track)

    def on_track(self, track):
        take = self.hear if track.kind == "audio" else self.see
        self.tasks.append(asyncio.create_task(take(track)))

    async def hear(self, track):
        while True:
            frame = await track.recv()
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0].astype(float)
            level = math.sqrt(float(numpy.mean(samples**2)))
            spectrum = numpy.abs(numpy.fft.rfft(samples))
            self.heard.append((level, float(numpy.argmax(spectrum)) * frame.sample_rate / len(samples)))

    async def see(self, track):
        while True:
            frame = await track.recv()
            grey = frame.to_ndarray(format="gray")
            self.seen += 1
            self.grounds.append(float(numpy.median(grey)))
            # Where the bar is: it must move.
            self.bars.add(int(numpy.argmax(numpy.abs(grey[120].astype(int) - int(self.grounds[-1])))) // 16)

    async def send(self, **message):
        request = rtc.SignalRequest(**message)
        text = json_format.MessageToJson(request, indent=None) if self.as_json else request.SerializeToString()
        await self.socket.send(text)

    async def run(self, url):
        query = f"access_token={token(self.name)}&auto_subscribe=1&sdk=aiortc&version=1&protocol=9"
        async with connect(f"{url}/rtc?{query}", max_size=1 << 20) as self.socket:
            self.tasks.append(asyncio.create_task(self.ping()))
            async for message in self.socket:
                await self.handle(self.decode(message))

    def decode(self, message):
        if isinstance(message, str):
            self.json_answers = True
            return json_format.Parse(message, rtc.SignalResponse(), ignore_unknown_fields=True)
        return rtc.SignalResponse.FromString(message)

    async def ping(self):
        while True:
            await asyncio.sleep(5)
            await self.send(ping_req=rtc.Ping(timestamp=int(time.time() * 1_000)))

    async def handle(self, response):
        what = response.WhichOneof("message")
        if what == "join":
            self.joined = response.join
            for track in self.tracks:
                self.publisher.addTrack(track)
                audio = track.kind == "audio"
                await self.send(
                    add_track=rtc.AddTrackRequest(
                        cid=track.id,
                        name=track.kind,
                        type=models.TrackType.AUDIO if audio else models.TrackType.VIDEO,
                        source=models.TrackSource.MICROPHONE if audio else models.TrackSource.CAMERA,
                        width=0 if audio else 320,
                        height=0 if audio else 240,
                    )
                )
        elif what == "track_published":
            self.unconfirmed -= 1
            if self.unconfirmed == 0:
                await self.publisher.setLocalDescription(await self.publisher.createOffer())
                sdp = self.publisher.localDescription.sdp
                await self.send(offer=rtc.SessionDescription(type="offer", sdp=sdp))
        elif what == "answer":
            await self.publisher.setRemoteDescription(RTCSessionDescription(response.answer.sdp, "answer"))
        elif what == "offer":
            # aiortc starts no receiver of a later offer while it is still busy connecting for the first one.
            while self.subscriber.remoteDescription and self.subscriber.connectionState != "connected":
                await asyncio.sleep(0.02)
            await self.subscriber.setRemoteDescription(RTCSessionDescription(response.offer.sdp, "offer"))
            await self.subscriber.setLocalDescription(await self.subscriber.createAnswer())
            sdp = self.subscriber.localDescription.sdp
            await self.send(answer=rtc.SessionDescription(type="answer", sdp=sdp, id=response.offer.id))
        elif what == "trickle":
            await self.trickled(response.trickle)
        elif what == "leave":
            raise RuntimeError(f"{self.name} was told to leave: {response.leave}")

    async def trickled(self, trickle):
        init = json.loads(trickle.candidateInit)
        text = init.get("candidate", "").removeprefix("candidate:")
        if text:
            candidate = candidate_from_sdp(text)
            candidate.sdpMid, candidate.sdpMLineIndex = init.get("sdpMid"), init.get("sdpMLineIndex")
            connection = self.publisher if trickle.target == rtc.SignalTarget.PUBLISHER else self.subscriber
            await connection.addIceCandidate(candidate)

    def is_well(self):
        return self.seen >= FRAMES and len(self.heard) >= BLOCKS

    def check(self, pitch, ground):
        """What came must be what the other one sent."""
        loud = [at for level, at in self.heard if level > 1_000]
        assert len(loud) > BLOCKS / 2, f"{self.name} hears little: {self.heard[-5:]}"
        off = sorted(abs(at - pitch) for at in loud)[len(loud) // 2]
        assert off <= 60, f"{self.name} hears another tone than {pitch} Hz: off by {off}"
        level = sorted(self.grounds)[len(self.grounds) // 2]
        assert abs(level - ground) < 20, f"{self.name} sees a ground of {level}, not {ground}"
        assert len(self.bars) >= 5, f"{self.name} sees pictures that stand still: {self.bars}"
        assert not self.as_json or getattr(self, "json_answers", False), "JSON was not answered in JSON"
        print(
            f"ok - {self.name}: {self.seen} pictures decoded of a ground of {level:.0f} (sent: {ground}), "
            f"{len(loud)} of {len(self.heard)} blocks of sound above silence, tone within {off:.0f} Hz"
        )

    async def close(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(self.publisher.close(), self.subscriber.close())


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


async def start_worker(directory, log):
    public, private, media = free_ports(3)
    at = "127.0.0.1:{}".format
    child = await asyncio.create_subprocess_exec(
        WORKER, "run", "--chain-url", "", "--dev-key", f"{KEY[0]}:{KEY[1]}", "--data-dir", directory,
        "--public-listen", at(public), "--private-listen", at(private), "--media-listen", at(media),
        stderr=log,
        env={**os.environ, "RUST_LOG": os.environ.get("RUST_LOG", "info,dtel_worker=debug,str0m=warn")},
    )
    def listens():
        try:
            return urllib.request.urlopen(f"http://{at(public)}/healthz", timeout=5).status == 200
        except OSError:
            return False
    deadline = time.monotonic() + 20
    while not await asyncio.to_thread(listens):
        assert child.returncode is None, f"{WORKER} ended with {child.returncode}"
        assert time.monotonic() < deadline, f"{WORKER} does not listen"
        await asyncio.sleep(0.1)
    return child, f"ws://{at(public)}"


async def call(url):
    sent = {"ada": (440, 60, False), "bob": (1_200, 180, True)}
    people = {name: Participant(name, *what) for name, what in sent.items()}
    running = [asyncio.create_task(person.run(url)) for person in people.values()]
    try:
        deadline = time.monotonic() + PATIENCE
        while not all(person.is_well() for person in people.values()):
            for task in running:
                if task.done():
                    task.result()
                    raise RuntimeError("the signalling ended early")
            state = {name: (p.seen, len(p.heard)) for name, p in people.items()}
            assert time.monotonic() < deadline, f"not within {PATIENCE} s; pictures and blocks of sound: {state}"
            await asyncio.sleep(0.1)
        for name, other in (("ada", "bob"), ("bob", "ada")):
            people[name].check(*sent[other][:2])
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*(person.close() for person in people.values()))


async def main():
    artefacts = pathlib.Path(os.environ.get("DTEL_ARTEFACTS") or tempfile.mkdtemp(prefix="dtel-foreign-logs-"))
    artefacts.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dtel-foreign-") as directory, open(artefacts / "worker.log", "w") as log:
        child, url = await start_worker(directory, log)
        try:
            await call(url)
        except BaseException:
            print(f"not ok - logs: {artefacts}", file=sys.stderr)
            raise
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()


asyncio.run(main())
