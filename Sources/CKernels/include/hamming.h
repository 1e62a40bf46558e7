#pragma once
#include <stdint.h>

/// Adds to `distances` the bits in which each of `words` differs from `query`, or writes them there
/// if `begins` is not zero.
void hammingDistances(const uint64_t *words, int64_t count, uint64_t query, int32_t begins,
                      uint16_t *distances);

/// Writes to `positions` where `distances` are at most `limit`, in order, and returns how many are.
int64_t hammingHits(const uint16_t *distances, int64_t count, uint16_t limit, uint16_t *positions);
