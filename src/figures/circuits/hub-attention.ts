import { attentionOf, type CircuitFacts, type ObservedImage } from '../../evaluation/circuits/facts.js';
import { drawImage, drawText, frameSvg, type ImageSample, round } from '../drawing.js';
import { palette, paperWidth } from '../theme.js';
import { rankHubs } from './arms.js';
import { mix, type Rgb } from './heat.js';

const hubs = 7;
const mostImages = 5;
const gap = 3;
const textSize = 6.5;
const headHeight = 24;
const warm: Rgb = [213, 94, 0];

/**
 * Where the hub modules of a circuit look when they read images of combinations seen in training: the image, then one
 * column per hub, from the one with the most links. Colour is the share of a module's attention, of its peak; the peak
 * stands below.
 */
export async function drawHubAttention({ links, grid, images }: CircuitFacts): Promise<string> {
  const degrees = links?.after.degrees ?? [];
  const chosen = rankHubs(degrees).slice(0, hubs);
  const size = (paperWidth - 8 - chosen.length * gap) / (chosen.length + 1);
  const left = (column: number) => 4 + column * (size + gap);
  const parts = [
    drawText('image', left(0) + size / 2, 16, { size: textSize, anchor: 'middle' }),
    ...chosen.flatMap((module, at) => [
      drawText(`module ${module}`, left(at + 1) + size / 2, 9, {
        size: textSize,
        anchor: 'middle',
        bold: true,
      }),
      drawText(`degree ${degrees[module]!.toFixed(1)}`, left(at + 1) + size / 2, 17.5, {
        size: textSize,
        anchor: 'middle',
      }),
    ]),
  ];
  let top = headHeight;
  for (const image of images.slice(0, mostImages)) {
    parts.push(await drawImage(readPixels(image), { x: left(0), y: top, width: size, height: size }));
    for (const [at, module] of chosen.entries()) {
      const place = { x: left(at + 1), y: top, width: size, height: size };
      parts.push(await drawImage(tint(image, attentionOf(image, grid, module), grid), place));
      const frame = `<rect x="${round(place.x)}" y="${round(top)}" width="${round(size)}" height="${round(size)}" fill="none" stroke="${palette.grey}" stroke-width="0.4"/>`;
      const peak = `peak ${(100 * image.peaks[module]!).toFixed(0)} %`;
      parts.push(frame, drawText(peak, place.x + size / 2, top + size + 7, { size: 5.5, anchor: 'middle' }));
    }
    top += size + 11;
  }
  const caption =
    'Colour: attention of a module to each token, mean over heads, in shares of its peak on the image.';
  parts.push(drawText(caption, 4, top + textSize, { size: textSize }));
  return frameSvg(top + textSize + 5, parts);
}

function readPixels({ width, height, channels, pixels }: ObservedImage): ImageSample {
  return {
    width,
    height,
    channels: channels === 3 ? 3 : 1,
    pixels: Uint8Array.from(Buffer.from(pixels, 'base64')),
  };
}

/** The image in light grey, the more tinted the more attention a token gets. */
function tint(
  image: ObservedImage,
  attention: readonly number[],
  [rows, columns]: CircuitFacts['grid'],
): ImageSample {
  const { width, height, channels, pixels } = readPixels(image);
  const peak = Math.max(...attention);
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const token = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      const light =
        channels === 3 ? 0.3 * pixels[at]! + 0.59 * pixels[at + 1]! + 0.11 * pixels[at + 2]! : pixels[at]!;
      const grey = 110 + 0.55 * light;
      const share = peak > 0 ? attention[token]! / peak : 0;
      out.set(mix([grey, grey, grey], warm, 0.8 * share), (y * width + x) * 3);
    }
  }
  return { width, height, channels: 3, pixels: out };
}
