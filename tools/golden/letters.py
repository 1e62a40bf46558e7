"""Golden of the room Pictures, made by fontTools: how much ink a line of DejaVu Sans takes.

    python3 tools/golden/letters.py /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf Tests/PicturesTests/Goldens
"""

import json
import pathlib
import sys

from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont

TEXTS = ["Doppler radar, 0123456789", "iiii.lll", "WMQ@&%§°±"]

font = TTFont(sys.argv[1])
glyphs, names, em = font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm
cases = []
for text in TEXTS:
    # A letter that does not come with the package is drawn as a question mark.
    drawn = [names[ord("?" if letter == "§" else letter)] for letter in text]
    area = 0
    for name in drawn:
        pen = AreaPen(glyphs)
        glyphs[name].draw(pen)
        area += abs(pen.value)
    cases.append({"text": text, "squareEms": area / em ** 2,
                  "ems": sum(glyphs[name].width for name in drawn) / em})
path = pathlib.Path(sys.argv[2]) / "letters.json"
path.write_text(json.dumps({"relativeTolerance": 0.02, "cases": cases}) + "\n")
