"""Measures faiss on the workload of radar-benchmark's `hamming`, one JSON line per row.

Usage: pip install faiss-cpu numpy
       radar-benchmark --filter hamming: --format json && python tools/peers/faiss_hamming.py
"""

import json
import time

import faiss
import numpy

faiss.omp_set_num_threads(1)
generator = numpy.random.default_rng(1)
for bits in (64, 128):
    codes = generator.integers(0, 256, (1_000_000, bits // 8), dtype=numpy.uint8)
    queries = codes[::31_000][:32].copy()
    flips = numpy.zeros(bits, dtype=numpy.uint8)
    flips[::9] = 1
    queries ^= numpy.packbits(flips, bitorder="little")
    index = faiss.IndexBinaryFlat(bits)
    index.add(codes)
    times = []
    end = time.perf_counter() + 1.1
    while time.perf_counter() < end or len(times) < 5:
        query = queries[len(times) % 32 : len(times) % 32 + 1]
        start = time.perf_counter()
        index.search(query, 10)
        times.append((time.perf_counter() - start) * 1e6)
    times = sorted(times[len(times) // 10 :])
    print(json.dumps({
        "bench": "hamming", "impl": f"faiss {faiss.__version__} IndexBinaryFlat",
        "workload": f"1M x {bits}", "threads": 1, "median_us": times[len(times) // 2],
        "p10": times[len(times) // 10], "p90": times[len(times) * 9 // 10],
        "extra": {"n": len(times)},
    }))
