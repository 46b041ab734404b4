#!/bin/sh
# Makes the committed samples from ffmpeg's test sources. Needs ffmpeg with libopus and libvpx.
# The three video files show the same pictures, so that they can be the layers of one simulcast.
set -eu
cd "$(dirname "$0")"
SECONDS_LONG=6 RATE=20 KEY=40 # a keyframe every 2 s; the loop starts with one

ffmpeg -nostdin -hide_banner -loglevel error -y \
  -f lavfi -i "sine=frequency=440:beep_factor=4:sample_rate=48000:duration=$SECONDS_LONG" \
  -f lavfi -i "anoisesrc=color=pink:amplitude=0.1:seed=7:sample_rate=48000:duration=$SECONDS_LONG" \
  -filter_complex "[0][1]amix=inputs=2,aformat=channel_layouts=mono" \
  -c:a libopus -b:a 32k -vbr off -frame_duration 20 -application voip \
  -map_metadata -1 -fflags +bitexact -flags:a +bitexact audio.opus

video() { # name width height kbit/s
  ffmpeg -nostdin -hide_banner -loglevel error -y \
    -f lavfi -i "testsrc2=size=640x360:rate=$RATE:duration=$SECONDS_LONG" \
    -vf "scale=$2:$3" -pix_fmt yuv420p \
    -c:v libvpx -b:v "$4k" -minrate "$4k" -maxrate "$4k" -bufsize "$(($4 / 2))k" -threads 1 \
    -deadline good -cpu-used 1 -g "$KEY" -keyint_min "$KEY" -auto-alt-ref 0 -error-resilient default -lag-in-frames 0 \
    -map_metadata -1 -fflags +bitexact -flags:v +bitexact "$1.ivf"
}
video video_q 160 90 80
video video_h 320 180 200
video video_f 640 360 500
