#pragma once
#include <zlib.h>

/// Prepares for a deflated stream without a header, as archives hold them: the zlib function of
/// that kind is a macro, which Swift does not see.
static inline int beginInflating(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}
