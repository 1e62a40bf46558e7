#!/usr/bin/env python3
"""Makes the corpus that fuzzing starts from: whole files of every kind, and the goldens.

    seeds.py FOLDER
"""

import base64
import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).parents[1]
PAYLOAD = bytes(range(1, 129))

PROFILE = """% a comment
sensorStop
dfeDataOutputMode 1
channelCfg 5 3 0
adcCfg 2 1
adcbufCfg -1 0 1 1 1
profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30
chirpCfg 0 0 0 0 0 0 0 1
chirpCfg 1 1 0 0 0 0 0 2
frameCfg 0 1 4 0 50 1 0
lvdsStreamCfg -1 0 1 0
sensorStart
"""

CHIRP = {"chirpStartIdx": 0, "chirpEndIdx": 0, "profileId": 0, "startFreqVar_MHz": 0,
         "freqSlopeVar_KHz_usec": 0, "idleTimeVar_usec": 0, "adcStartTimeVar_usec": 0,
         "txEnable": "0x1"}
STUDIO = {"mmWaveDevices": [{
    "rfConfig": {
        "rlChanCfg_t": {"rxChannelEn": "0x5", "txChannelEn": "0x1"},
        "rlAdcOutCfg_t": {"fmt": {"b2AdcBits": 2, "b2AdcOutFmt": 1}},
        "rlProfiles": [{"rlProfileCfg_t": {
            "profileId": 0, "startFreqConst_GHz": 77.0, "idleTimeConst_usec": 30.0,
            "adcStartTimeConst_usec": 6.0, "rampEndTime_usec": 62.0,
            "freqSlopeConst_MHz_usec": 60.0, "numAdcSamples": 16, "digOutSampleRate": 2500}}],
        "rlChirps": [{"rlChirpCfg_t": CHIRP}],
        "rlFrameCfg_t": {"chirpStartIdx": 0, "chirpEndIdx": 0, "numLoops": 4, "numFrames": 0,
                         "framePeriodicity_msec": 50.0}},
    "rawDataCaptureConfig": {"rlDevDataFmtCfg_t": {"iqSwapSel": 1, "chInterleave": 1},
                             "rlDevLaneEnable_t": {"laneEn": "0x3"}}}]}
SETUP = {"captureHardware": "DCA1000", "configUsed": "C:\\a\\b.cfg",
         "capturedFiles": {"numFilesCollected": 1, "fileBasePath": "C:\\a",
                           "files": [{"processedFileName": "a.bin"}]}}
META = {"core:datatype": "ci16_le", "core:version": "1.2.5", "radar:waveform": "fmcw",
        "radar:center_frequency_hz": 60e9, "radar:bandwidth_hz": 4e9,
        "radar:chirp_interval_s": 1e-3, "radar:frame_interval_s": 5e-3,
        "radar:samples_per_chirp": 8, "radar:chirps_per_frame": 4, "radar:receivers": 2,
        "radar:axes": ["frame", "chirp", "receiver", "sample"], "radar:iq_order": "q0q1i0i1"}
CONFIG = {"device_config": {"fmcw_single_shape": {
    "rx_antennas": [1, 2], "tx_antennas": [1], "start_frequency_Hz": 5.8e10,
    "end_frequency_Hz": 6.3e10, "num_chirps_per_frame": 4, "num_samples_per_chirp": 8,
    "chirp_repetition_time_s": 1e-3, "frame_repetition_time_s": 0.1, "mimo_mode": "off"}}}


def datagram(index):
    return struct.pack("<I", index + 1) + (index * len(PAYLOAD)).to_bytes(6, "little") + PAYLOAD


def record(index):
    return (struct.pack("<II", index + 1, len(PAYLOAD))
            + (index * len(PAYLOAD)).to_bytes(6, "little") + PAYLOAD)


def ethernet(payload):
    udp = struct.pack(">HHHH", 4098, 4098, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHIBBHII", 0x45, 0, 20 + len(udp), 0, 64, 17, 0, 1, 2)
    return bytes(12) + b"\x08\x00" + ip + udp


def pcap():
    frames = [ethernet(datagram(index)) for index in (0, 1, 3, 2)]
    return struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"".join(
        struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame for frame in frames)


def pcapng():
    def block(kind, body):
        body += bytes(-len(body) % 4)
        length = struct.pack("<I", 12 + len(body))
        return struct.pack("<I", kind) + length + body + length

    frames = [ethernet(datagram(index)) for index in range(3)]
    return (block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
            + block(1, struct.pack("<HHI", 1, 0, 65535))
            + b"".join(block(6, struct.pack("<IIIII", 0, 0, 0, len(frame), len(frame)) + frame)
                       for frame in frames))


def main():
    folder = pathlib.Path(sys.argv[1])

    def seed(target, content, name):
        path = folder / target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    for index in range(16):
        head = bytes([index, index, 7 * index % 256, 5, index * 3, index, index % 3 * 5, 63])
        seed("frames", head + bytes(range(256)) * 4, f"{index}")
    seed("datagrams", bytes([137]) + datagram(0) + datagram(1), "0")
    for index in range(3):
        seed("datagrams", bytes([63]) + b"".join(
            datagram(k)[:64] for k in range(index, index + 6)), f"{index + 1}")
    seed("records", bytes([63]) + b"".join(record(index) for index in (0, 2, 1, 5)), "0")
    seed("captures", bytes([63]) + pcap(), "0")
    seed("captures", bytes([17]) + pcapng(), "1")
    goldens = json.loads((ROOT / "Tests/RecordingsTests/Goldens/containers.json").read_text())
    for golden in goldens["files"]:
        target = golden["name"].rsplit(".", 1)[1]
        seed(target, base64.b64decode(golden["base64"]), golden["name"])
        seed("stream", bytes([9, 4 if target == "wav" else 0]) + base64.b64decode(golden["base64"]),
             golden["name"])
    header = struct.pack("<8H", 0x0ADC, 0x0CDA, 0x0ADC, 0x0CDA, 176, 0, 0, 0) + b"\x0f" * 48
    for index, content in enumerate([pcap(), pcapng(), (header + bytes(range(128))) * 16,
                                     bytes(range(256)) * 8]):
        seed("stream", bytes([9, index % 4]) + content, f"{index}")
    seed("fifo", bytes(range(192)), "0")
    seed("meta", json.dumps({"global": META, "captures": [
        {"core:sample_start": 0, "core:header_bytes": 0, "core:frequency": 6e10}], "annotations": [
        {"core:sample_start": 0, "core:sample_count": 32, "core:label": "tap"},
        {"core:sample_start": 32, "core:sample_count": 32, "radar:lost": True}]}), "0")
    seed("meta", json.dumps({"global": {
        "core:datatype": "cf32_be", "core:sample_rate": 1000, "radar:waveform": "cw",
        "radar:center_frequency_hz": 24e9, "core:num_channels": 2}}), "1")
    seed("cfg", PROFILE, "0")
    seed("mmwave", json.dumps(STUDIO), "0")
    seed("setup", json.dumps(SETUP), "0")
    seed("config", json.dumps(CONFIG), "0")
    seed("layout", bytes(range(256)) * 24, "0")
    words = {"json": [key for fields in (META, CHIRP, STUDIO["mmWaveDevices"][0]["rfConfig"])
                      for key in fields]}
    (folder / "words").write_text("".join(f'"\\"{word}\\""\n' for word in words["json"]))


if __name__ == "__main__":
    main()
