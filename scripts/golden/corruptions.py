"""Makes src/corruptions/testing/golden.json: corruptions that draw nothing, and the parts of those that do, by the
libraries that ImageNet-C is made with (Hendrycks and Dietterich 2019, appendix B, and the constants published with it).

    python scripts/golden/corruptions.py && npm run format
    (needs numpy, scipy, scikit-image, opencv-python-headless and pillow 11.3)

Images are those of scripts/golden/augment.py. Bytes are hex, row-major, channels last.
"""

import io
import json
from pathlib import Path

import cv2
import numpy as np
import scipy
import skimage
from PIL import Image
from scipy import ndimage
from skimage import color, filters

TARGET = Path(__file__).parents[2] / "src" / "corruptions" / "testing" / "golden.json"


def make(height, width, channels):
    row, column, channel = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return (20 + (7 * row * row + 13 * column * column + 29 * (channel + 1) * (row + column)) % 200).astype(np.uint8)


def to_bytes(x):
    """Cut down, not rounded; 1e-6 keeps bytes that nothing changed."""
    return np.floor(255 * np.clip(x, 0, 1) + 1e-6).astype(np.uint8)


def gaussian_blur(image, sigma):
    return to_bytes(filters.gaussian(image / 255, sigma=sigma, channel_axis=-1))


def defocus_blur(image, constants):
    radius, rim = constants
    reach, side = (8, 3) if radius <= 8 else (radius, 5)
    x, y = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    disk = (x**2 + y**2 <= radius**2).astype(np.float64)
    kernel = cv2.GaussianBlur(disk / disk.sum(), ksize=(side, side), sigmaX=rim)
    parts = [cv2.filter2D(image[:, :, c] / 255, -1, kernel) for c in range(image.shape[2])]
    return to_bytes(np.stack(parts, axis=2))


def zoom_middle(x, factor):
    """The middle, enlarged, and cut to the size of the whole."""
    for axis in (0, 1):
        size = x.shape[axis]
        part = int(np.ceil(size / factor))
        start = (size - part) // 2
        cropped = np.take(x, range(start, start + part), axis=axis)
        factors = [1, 1, 1]
        factors[axis] = factor
        enlarged = ndimage.zoom(cropped, factors, order=1)
        start = (enlarged.shape[axis] - size) // 2
        x = np.take(enlarged, range(start, start + size), axis=axis)
    return x


def zoom_blur(image, constants):
    stop, step = constants
    x = image / 255
    layers = [zoom_middle(x, factor) for factor in np.arange(1, stop, step)]
    return to_bytes((x + sum(layers)) / (len(layers) + 1))


def brightness(image, added):
    if image.shape[2] == 1:
        return to_bytes(image / 255 + added)
    hsv = color.rgb2hsv(image / 255)
    hsv[:, :, 2] = np.clip(hsv[:, :, 2] + added, 0, 1)
    return to_bytes(color.hsv2rgb(hsv))


def saturate(image, constants):
    factor, added = constants
    hsv = color.rgb2hsv(image / 255)
    hsv[:, :, 1] = np.clip(hsv[:, :, 1] * factor + added, 0, 1)
    return to_bytes(color.hsv2rgb(hsv))


def contrast(image, factor):
    x = image / 255
    means = x.mean(axis=(0, 1), keepdims=True)
    return to_bytes((x - means) * factor + means)


def to_pillow(image):
    return Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image)


def from_pillow(image):
    x = np.asarray(image)
    return x[:, :, None] if x.ndim == 2 else x


def pixelate(image, share):
    height, width, _ = image.shape
    small = to_pillow(image).resize((int(width * share), int(height * share)), Image.Resampling.BOX)
    return from_pillow(small.resize((width, height), Image.Resampling.BOX))


def jpeg_compression(image, quality):
    file = io.BytesIO()
    to_pillow(image).save(file, "JPEG", quality=quality)
    return from_pillow(Image.open(file))


def motion(image, radius, sigma, degrees):
    """ImageMagick's MotionBlur, its angle given: half a Gaussian over pixels in a row, nearest beyond the border."""
    height, width, _ = image.shape
    weights = np.exp(-np.arange(2 * radius + 1) ** 2 / (2 * sigma**2))
    weights /= weights.sum()
    sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    out = np.zeros(image.shape)
    for at, weight in enumerate(weights):
        down, across = int(np.ceil(at * sine - 0.5)), int(np.ceil(at * cosine - 0.5))
        rows = np.clip(np.arange(height) + down, 0, height - 1)
        columns = np.clip(np.arange(width) + across, 0, width - 1)
        out += weight * (image / 255)[rows][:, columns]
    return to_bytes(out)


def blobs(height, width):
    row, column = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    field = ((row - 6) ** 2 * 3 + (column - 8) ** 2 * 2 + row * column) // 2 % 256
    return np.where(field < 90, 0, field).astype(np.uint8)


def rims(liquid):
    """How light water is, from its depth in bytes."""
    far = 255 - cv2.Canny(liquid, 50, 150)
    far = np.minimum(cv2.distanceTransform(far, cv2.DIST_L2, 5), 20)
    far = cv2.equalizeHist(np.floor(cv2.blur(far, (3, 3)) + 1e-6).astype(np.uint8))
    far = cv2.filter2D(far, cv2.CV_8U, np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]))
    light = liquid * cv2.blur(far, (3, 3)).astype(np.float64)
    return light / light.max()


KINDS = {
    gaussian_blur: [("imagenet", 1, 1), ("imagenet", 5, 6), ("cifar", 1, 0.4)],
    defocus_blur: [("imagenet", 1, (3, 0.1)), ("imagenet", 4, (8, 0.5)), ("imagenet", 5, (10, 0.5)), ("cifar", 3, (0.5, 0.6)), ("cifar", 5, (1.5, 0.1))],
    zoom_blur: [("imagenet", 1, (1.11, 0.01)), ("imagenet", 5, (1.31, 0.03)), ("cifar", 4, (1.21, 0.01))],
    brightness: [("imagenet", 3, 0.3), ("cifar", 1, 0.05)],
    contrast: [("imagenet", 5, 0.05), ("cifar", 2, 0.5)],
    saturate: [("imagenet", 1, (0.3, 0)), ("imagenet", 5, (20, 0.2)), ("cifar", 4, (2, 0.1))],
    pixelate: [("imagenet", 1, 0.6), ("imagenet", 5, 0.25), ("cifar", 5, 0.65)],
    jpeg_compression: [("imagenet", 1, 25), ("imagenet", 5, 7), ("cifar", 1, 80)],
}


def main():
    cases = []
    for kind, settings in KINDS.items():
        for scale, severity, constants in settings:
            for size in ((14, 12, 3), (17, 20, 1)):
                if kind is saturate and size[2] == 1:
                    continue
                result = kind(make(*size), constants)
                assert result.shape == size
                case = {"kind": kind.__name__, "scale": scale, "severity": severity, "size": size, "bytes": result.tobytes().hex()}
                cases.append(case)
    moved = [
        {"radius": radius, "deviation": sigma, "degrees": degrees, "bytes": motion(make(9, 11, 1), radius, sigma, degrees).tobytes().hex()}
        for radius, sigma, degrees in ((6, 1, 30.5), (4, 2.5, -77), (10, 3, -133.3))
    ]
    liquid = blobs(20, 24)
    edges = cv2.Canny(liquid, 50, 150)
    distances = cv2.distanceTransform(255 - edges, cv2.DIST_L2, 5)
    places = [(0.25, 1.75), (-1.5, 3.2), (8.9, 10.4), (4, -2.25), (12.6, 5.5)]
    x = make(9, 11, 1)[:, :, 0] / 255
    sampled = {
        name: [float(v) for v in ndimage.map_coordinates(x, np.array(places).T, order=1, mode=mode)]
        for name, mode in (("mirror-edge", "reflect"), ("mirror-pixel", "mirror"), ("nearest", "nearest"))
    }
    smoothed = filters.gaussian(x, sigma=(0.9, 1.4), mode="reflect", truncate=3)
    golden = {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-image": skimage.__version__, "opencv": cv2.__version__},
        "cases": cases,
        "motion": moved,
        "edges": {"size": liquid.shape, "depth": liquid.tobytes().hex(), "edges": "".join(str(int(e > 0)) for e in edges.ravel())},
        "distances": [round(float(d), 4) for d in distances.ravel()[::7]],
        "rims": [round(float(v), 6) for v in rims(liquid).ravel()[::7]],
        "sampled": {"places": places, **sampled},
        "smoothed": [float(v) for v in smoothed.ravel()[::9]],
    }
    TARGET.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
