import type { Counterpart } from './counterpart.js';

const layers: Readonly<Record<string, string>> = {
  patches: 'patch_embed.proj',
  norm: 'norm',
  'read-out': 'head',
  norm1: 'norm1',
  norm2: 'norm2',
  out: 'attn.proj',
  wide: 'mlp.fc1',
  narrow: 'mlp.fc2',
};
const endings: Readonly<Record<string, string>> = {
  ...{ kernel: 'weight', scale: 'weight', bias: 'bias', shift: 'bias' },
};
const packed = ['query', 'key', 'value'];

/** Where the parameters of a ViT stand in timm's files, which keep query, key and value in one layer. */
export function vitCounterpart(own: string): Counterpart {
  if (own === 'class') return { name: 'cls_token', layout: 'same' };
  if (own === 'positions') return { name: 'pos_embed', layout: 'same' };
  const path = own.split('/');
  const ending = path.pop()!;
  const layer = path.at(-1)!;
  const block = /^block(\d+)$/.exec(path[0]!);
  const within = block === null ? '' : `blocks.${Number(block[1]) - 1}.`;
  const at = packed.indexOf(layer);
  const name = `${within}${at < 0 ? layers[layer] : 'attn.qkv'}.${endings[ending]}`;
  const layout = ending !== 'kernel' ? 'same' : layer === 'patches' ? 'convolution' : 'dense';
  return { name, layout, ...(at >= 0 && { part: [at, packed.length] as const }) };
}
