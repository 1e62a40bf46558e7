#include "CPictures.h"

static const unsigned char glyphs[] = {
#embed "assets/glyphs.bin"
};
static const unsigned char viridis[] = {
#embed "assets/viridis.bin"
};
static const unsigned char recording[] = {
#embed "assets/recording.html"
};
static const unsigned char evaluation[] = {
#embed "assets/evaluation.html"
};

PictureAsset glyphOutlines(void) { return (PictureAsset){glyphs, sizeof glyphs}; }

PictureAsset viridisColors(void) { return (PictureAsset){viridis, sizeof viridis}; }

PictureAsset recordingPage(void) { return (PictureAsset){recording, sizeof recording}; }

PictureAsset evaluationPage(void) { return (PictureAsset){evaluation, sizeof evaluation}; }
