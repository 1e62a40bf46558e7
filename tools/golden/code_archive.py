"""Writes an archive of codes as its format says, with Python's struct and zlib.

Usage: python tools/golden/code_archive.py > Tests/GesturesTests/Goldens/code_archive.json
"""

import json
import struct
import zlib

ENTRIES = [
    ([0x0123456789ABCDEF, 0x3], "push", "one.bin", 0.25, 1.5),
    ([0xFFFFFFFFFFFFFFFF, 0x0], "zigzag", "folder/zwei-ä.bin", 0.0, 0.75),
]
BITS, MODEL = 70, 0xFEDCBA9876543210


def record(words, name, recording, start, end):
    payload = b"".join(struct.pack("<Q", word) for word in words)
    payload += struct.pack("<dd", start, end)
    for text in (name.encode(), recording.encode()):
        payload += struct.pack("<H", len(text)) + text
    length = struct.pack("<I", len(payload))
    return length + struct.pack("<I", zlib.crc32(length + payload)) + payload


header = b"DGCODES1" + struct.pack("<IQ", BITS, MODEL)
header += struct.pack("<I", zlib.crc32(header))
entries = [
    {"words": [f"{word:016x}" for word in words], "name": name, "recording": recording,
     "start": start, "end": end}
    for words, name, recording, start, end in ENTRIES
]
print(json.dumps({
    "bits": BITS, "model": f"{MODEL:016x}", "entries": entries,
    "header": len(header), "records": [len(record(*entry)) for entry in ENTRIES],
    "bytes": (header + b"".join(record(*entry) for entry in ENTRIES)).hex(),
}, indent=1, ensure_ascii=False))
