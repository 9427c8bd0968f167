import { describe, expect, it } from 'vitest';
import { rotate, shearX, shearY, transform, translate } from './affine.js';
import { changeBrightness, changeColour, changeContrast, changeSharpness } from './enhance.js';
import { type Raster, toGrey } from './raster.js';
import { type Filter, resample } from './resample.js';
import { makeImage } from './testing/images.js';
import golden from './testing/pillow.json' with { type: 'json' };
import { autoContrast, equalize, invert, posterize, solarize, solarizeAdd } from './tones.js';

const fill = 128;
type Apply = (image: Raster, ...numbers: number[]) => Raster;
const plain: Readonly<Record<string, Apply>> = {
  ...{ invert, autoContrast, equalize, solarize, solarizeAdd, posterize, toGrey },
  ...{ changeBrightness, changeColour, changeContrast, changeSharpness },
};
const filtered: Readonly<Record<string, (image: Raster, filter: Filter, numbers: number[]) => Raster>> = {
  rotate: (image, filter, [degrees]) => rotate(image, degrees!, filter, fill),
  shearX: (image, filter, [factor]) => transform(image, shearX(factor!), filter, fill),
  shearY: (image, filter, [factor]) => transform(image, shearY(factor!), filter, fill),
  translate: (image, filter, [x, y]) => transform(image, translate(x!, y!), filter, fill),
  resample: (image, filter, [height, width]) => resample(image, height!, width!, filter),
};

describe(`every transform is to the byte that of Pillow ${golden.pillow}`, () => {
  const titled = golden.cases.map(
    (each) => [`${each.name}(${each.arguments}) of ${each.from}`, each] as const,
  );
  it.each(titled)('%s', (_, { name, arguments: given, from, to, bytes }) => {
    const image = makeImage(from[0]!, from[1]!);
    const numbers = given.filter((value) => typeof value === 'number');
    const filter = given.find((value) => typeof value === 'string') as Filter;
    const found = plain[name]?.(image, ...numbers) ?? filtered[name]!(image, filter, numbers);
    expect([found.height, found.width, found.channels]).toEqual(to);
    expect(Buffer.from(found.data).toString('hex')).toBe(bytes);
  });
});
