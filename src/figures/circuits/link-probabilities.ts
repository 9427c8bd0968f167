import { displayName } from '../../analysis/held-out.js';
import type { LinkFacts } from '../../evaluation/circuits/facts.js';
import { drawImage, drawText, frameSvg, round, wrapText } from '../drawing.js';
import { palette, paperWidth } from '../theme.js';
import { type CircuitArm, linkedArms, rankHubs } from './arms.js';
import { heatOf } from './heat.js';

const [headSize, textSize] = [8, 7];
const left = 6;
const scaleWidth = 44;
const gap = 16;
const side = (paperWidth - left - scaleWidth - gap - 8) / 2;

/**
 * Probabilities of the links among the processors before and after training, a row per arm (its first seed): modules
 * stand by community, and by degree within one, each time by the links of that moment.
 */
export async function drawLinkProbabilities(arms: readonly CircuitArm[]): Promise<string> {
  const parts: string[] = [];
  const caption =
    'Modules by community (frames: three modules and more), then by degree, each time by the links of that moment; a row hears, a column is heard.';
  let top = 4;
  for (const line of wrapText(caption, paperWidth - left - 8, textSize)) {
    parts.push(drawText(line, left, top + textSize, { size: textSize }));
    top += textSize + 2;
  }
  top += 6;
  for (const { name, links } of linkedArms(arms)) {
    parts.push(drawText(displayName(name), left, top + headSize, { size: headSize, bold: true }));
    top += headSize + 6;
    for (const [column, [moment, facts]] of (
      [
        ['before', links.before],
        ['after', links.after],
      ] as const
    ).entries()) {
      const x = left + column * (side + gap);
      if (facts === null) {
        parts.push(drawText('before training: a pruned circuit', x, top + textSize, { size: textSize }));
        continue;
      }
      const words = `${moment} training: ${percent(facts.density)} of pairs within ${links.threshold}`;
      parts.push(drawText(words, x, top + textSize, { size: textSize }));
      parts.push(await drawMatrix(facts, x, top + textSize + 4));
    }
    parts.push(await drawScale(left + 2 * side + gap + 10, top + textSize + 4));
    top += side + textSize + 16;
  }
  return frameSvg(top - 6, parts);
}

async function drawMatrix(facts: LinkFacts, x: number, y: number): Promise<string> {
  const { probabilities, communities } = facts;
  const size = probabilities.length;
  const rank = new Map(rankHubs(facts.degrees).map((module, place) => [module, place]));
  const order = communities
    .map((_, module) => module)
    .sort((a, b) => communities[a]! - communities[b]! || rank.get(a)! - rank.get(b)!);
  const pixels = new Uint8Array(size * size * 3);
  for (const [row, receiver] of order.entries()) {
    for (const [column, sender] of order.entries())
      pixels.set(heatOf(probabilities[receiver]![sender]!), (row * size + column) * 3);
  }
  const place = { x, y, width: side, height: side };
  const picture = await drawImage(
    { width: size, height: size, channels: 3, pixels },
    place,
    Math.ceil(640 / size),
  );
  const frame = `<rect x="${round(x)}" y="${round(y)}" width="${round(side)}" height="${round(side)}" fill="none" stroke="${palette.grey}" stroke-width="0.6"/>`;
  return (
    picture +
    drawBorders(
      order.map((module) => communities[module]!),
      x,
      y,
    ) +
    frame
  );
}

/** Lines along the borders of communities. */
function drawBorders(communities: readonly number[], x: number, y: number): string {
  const cell = side / communities.length;
  const sizeOf = (community: number) => communities.filter((one) => one === community).length;
  const large = [...new Set(communities)].filter((community) => sizeOf(community) > 2);
  return large
    .map((community) => {
      const start = communities.indexOf(community) * cell;
      const length = sizeOf(community) * cell;
      return `<rect x="${round(x + start)}" y="${round(y + start)}" width="${round(length)}" height="${round(length)}" fill="none" stroke="${palette.vermillion}" stroke-width="0.9"/>`;
    })
    .join('');
}

async function drawScale(x: number, y: number): Promise<string> {
  const steps = 64;
  const pixels = Uint8Array.from(
    { length: steps * 3 },
    (_, at) => heatOf(1 - (Math.floor(at / 3) + 0.5) / steps)[at % 3]!,
  );
  const height = side * 0.6;
  const place = { x, y: y + 10, width: 8, height };
  const bar = await drawImage({ width: 1, height: steps, channels: 3, pixels }, place, 8);
  const labels = [1, 0.5, 0].map((value) =>
    drawText(String(value), x + 11, y + 10 + (1 - value) * height + 2.4, { size: textSize }),
  );
  const frame = `<rect x="${round(x)}" y="${round(y + 10)}" width="8" height="${round(height)}" fill="none" stroke="${palette.grey}" stroke-width="0.6"/>`;
  const title = drawText('P(link)', x - 2, y + 4, { size: textSize });
  return title + bar + frame + labels.join('');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
