#pragma once
#include <stddef.h>

/// A file that comes with the package, as its bytes.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} PictureAsset;

/// The outlines of letters, as `tools/make-glyphs` writes them.
PictureAsset glyphOutlines(void);

/// The colours of viridis, 256 triples of red, green and blue.
PictureAsset viridisColors(void);

/// The page that shows a recording.
PictureAsset recordingPage(void);

/// The page that shows an evaluation.
PictureAsset evaluationPage(void);
