import { drawImage, frameSvg, type ImageSample, round, wrapText } from './drawing.js';
import { escapeXml } from './font.js';
import { palette, paperWidth } from './theme.js';

/** A split with images of its sets; all images of a figure have the same shape. */
export interface SplitImages {
  readonly rule: string;
  /** The rule in words, one sentence per line (`split.statement`). */
  readonly statement: readonly string[];
  /** By the sets' names, `train` first. */
  readonly sets: Readonly<Record<string, readonly ImageSample[]>>;
}

const textWidth = 148;
const labelWidth = 42;
const gap = 2.5;
const rowGap = 9;
const [headSize, textSize, lineHeight] = [8, 6.5, 8.5];

const looks = {
  train: { color: palette.blue, dash: '' },
  other: { color: palette.vermillion, dash: '2.5 1.2' },
} as const;
const labels: Readonly<Record<string, string>> = { train: 'training', test: 'held out' };

/**
 * Images of every split with its rule beside them, as SVG of paper width: a strip of training combinations
 * (solid frames) over one of each other set (broken frames). `perRow` images each, fewer where a
 * split gives fewer.
 */
export async function drawImagesPerSplit(splits: readonly SplitImages[], perRow = 8): Promise<string> {
  const size = (paperWidth - textWidth - labelWidth) / perRow - gap;
  const parts: string[] = [];
  let top = 4;
  for (const split of splits) {
    const lines = split.statement.flatMap((sentence) => wrapText(sentence, textWidth - 12, textSize));
    const sets = Object.entries(split.sets);
    const height = Math.max(sets.length * (size + gap + 2) - 2, headSize + 3 + lines.length * lineHeight);
    parts.push(drawStatement(split.rule, lines, top));
    for (const [position, [name, images]] of sets.entries()) {
      const y = top + position * (size + gap + 2);
      const look = { label: labels[name] ?? name, ...looks[name === 'train' ? 'train' : 'other'] };
      parts.push(await drawStrip(images.slice(0, perRow), look, size, y));
    }
    top += height + rowGap;
  }
  return frameSvg(top - rowGap + 4, parts);
}

function drawStatement(rule: string, lines: readonly string[], top: number): string {
  const head = `<text x="2" y="${round(top + headSize)}" font-size="${headSize}" font-weight="bold">${escapeXml(rule)}</text>`;
  const rest = lines.map((line, index) => {
    const y = round(top + headSize + 3 + (index + 0.85) * lineHeight);
    return `<text x="2" y="${y}" font-size="${textSize}">${escapeXml(line)}</text>`;
  });
  return head + rest.join('');
}

async function drawStrip(
  images: readonly ImageSample[],
  side: { readonly label: string; readonly color: string; readonly dash: string },
  size: number,
  top: number,
): Promise<string> {
  const left = textWidth + labelWidth;
  const label = `<text x="${left - 5}" y="${round(top + size / 2 + 2.3)}" font-size="${textSize}" text-anchor="end" fill="${side.color}">${side.label}</text>`;
  const dash = side.dash === '' ? '' : ` stroke-dasharray="${side.dash}"`;
  const frames = await Promise.all(
    images.map(async (image, index) => {
      const place = `x="${round(left + index * (size + gap))}" y="${round(top)}" width="${round(size)}" height="${round(size)}"`;
      const x = left + index * (size + gap);
      const picture = await drawImage(image, { x, y: top, width: size, height: size });
      return `${picture}<rect ${place} fill="none" stroke="${side.color}" stroke-width="1.1"${dash}/>`;
    }),
  );
  return label + frames.join('');
}
