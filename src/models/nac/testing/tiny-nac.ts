import type { NacOptions } from '../nac.js';

const heads = { heads: 2, headWidth: 4 };

/** For images of 16 x 16: tests change what they are about. */
export const tinyNac: NacOptions = {
  width: 8,
  signatureWidth: 4,
  processors: 6,
  readOuts: 2,
  layers: 2,
  readIn: heads,
  propagators: heads,
  readOut: heads,
  expansion: 2,
  modulated: true,
  links: { truncation: 0.9, temperature: 0.5, learnBandwidth: true },
  layerScale: null,
  dropPath: 0,
  pooling: 'confidence',
  tokenizer: { channels: [4, 8], positions: 4, blocks: 0 },
};
