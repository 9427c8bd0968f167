"""Makes src/augment/testing/pillow.json: what Pillow makes of an image, as timm calls it.

    python scripts/golden/augment.py && npm run format       (needs pillow 11.3)

The images are computed: byte (row, column, channel) is 20 + (7 row² + 13 column² + 29 (channel + 1)(row + column)) mod 200.
Results are hex, row-major, channels last. Pillow 13 filters along columns first where that is less work, and then rounds
otherwise in few bytes; this is the order of all before it.
"""

import json
from pathlib import Path

import PIL
from PIL import Image, ImageEnhance, ImageOps

TARGET = Path(__file__).parents[2] / "src" / "augment" / "testing" / "pillow.json"
FILL = (128, 128, 128)
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def make(height, width):
    image = Image.new("RGB", (width, height))
    for row in range(height):
        for column in range(width):
            byte = [20 + (7 * row * row + 13 * column * column + 29 * (c + 1) * (row + column)) % 200 for c in range(3)]
            image.putpixel((column, row), tuple(byte))
    return image


def solarize_add(image, added):
    return image.point([min(255, byte + added) if byte < 128 else byte for byte in range(256)] * 3)


def affine(image, matrix, filter):
    return image.transform(image.size, Image.Transform.AFFINE, matrix, resample=FILTERS[filter], fillcolor=FILL)


def enhance(kind, image, factor):
    return getattr(ImageEnhance, kind)(image).enhance(factor)


def main():
    cases = []

    def add(name, arguments, height, width, result):
        size = [result.height, result.width, len(result.getbands())]
        case = {"name": name, "arguments": arguments, "from": [height, width], "to": size, "bytes": result.tobytes().hex()}
        cases.append(case)

    tall, wide, square = (12, 7), (6, 11), (8, 8)
    for size in (tall, square):
        image = make(*size)
        add("invert", [], *size, ImageOps.invert(image))
        add("autoContrast", [], *size, ImageOps.autocontrast(image))
        for threshold in (0, 100, 256):
            add("solarize", [threshold], *size, ImageOps.solarize(image, threshold))
        for bits in (0, 1, 4):
            add("posterize", [bits], *size, image.point([byte & ~(2 ** (8 - bits) - 1) for byte in range(256)] * 3))
        add("solarizeAdd", [99], *size, solarize_add(image, 99))
        add("toGrey", [], *size, image.convert("L"))
        for kind in ("Brightness", "Contrast", "Color", "Sharpness"):
            for factor in (0.1, 0.55, 1.9):
                add(f"change{kind.replace('Color', 'Colour')}", [factor], *size, enhance(kind, image, factor))
    # As many bytes that a table of steps is made.
    add("equalize", [], 24, 20, ImageOps.equalize(make(24, 20)))
    add("equalize", [], *square, ImageOps.equalize(make(*square)))
    for size in (wide, square):
        image = make(*size)
        for name, filter in FILTERS.items():
            for degrees in (27.3, -13.5):
                add("rotate", [degrees, name], *size, image.rotate(degrees, resample=filter, fillcolor=FILL))
            for factor in (0.27, -0.3):
                add("shearX", [factor, name], *size, affine(image, (1, factor, 0, 0, 1, 0), name))
                add("shearY", [factor, name], *size, affine(image, (1, 0, 0, factor, 1, 0), name))
            shift = 0.405 * image.width
            add("translate", [shift, -1.3, name], *size, affine(image, (1, 0, shift, 0, 1, -1.3), name))
        for degrees in (180,) if size == wide else (90, 180, 270):
            add("rotate", [degrees, "bilinear"], *size, image.rotate(degrees, resample=Image.Resampling.BILINEAR, fillcolor=FILL))
    for name, filter in FILTERS.items():
        for size in (wide, tall):
            for target in ((16, 9), (4, 5), (3, 14)):
                add("resample", [*target, name], *size, make(*size).resize(target[::-1], filter))
    TARGET.write_text(json.dumps({"pillow": PIL.__version__, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
