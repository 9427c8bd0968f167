type Shapes = Readonly<Record<string, readonly number[]>>;

/** Words that choose the model whose weights a file has, as far as its names and shapes tell; undefined of other models. */
export function guessModel(shapes: Shapes): string | undefined {
  return guessResNet(shapes) ?? guessVit(shapes);
}

function guessResNet(shapes: Shapes): string | undefined {
  const width = shapes['layer1.0.conv1.weight']?.[0];
  if (width === undefined) return undefined;
  const layers = countStages(shapes);
  const block = 'layer1.0.conv3.weight' in shapes ? 'bottleneck' : 'basic';
  const stem = 'conv1.0.weight' in shapes ? 'deep' : 'plain';
  const shortcut = shapes['layer2.0.downsample.1.weight']?.length === 4 ? 'mean' : 'stride';
  const kind = `${block} ${layers} ${width} ${stem} ${shortcut}`;
  const known: Readonly<Record<string, string>> = {
    'basic 2,2,2,2 64 plain stride': 'resnet18',
    'bottleneck 3,4,6,3 64 plain stride': 'resnet50',
    'bottleneck 3,4,6,3 64 deep mean': 'resnet50d',
  };
  if (known[kind] !== undefined) return `model=${known[kind]}`;
  return `model=resnet model.block=${block} 'model.layers=[${layers}]' model.width=${width} model.stem=${stem} model.shortcut=${shortcut}`;
}

function countStages(shapes: Shapes): readonly number[] {
  const counts: number[] = [];
  for (const name of Object.keys(shapes)) {
    const [, stage, block] = /^layer(\d)\.(\d+)\.conv1\.weight$/.exec(name) ?? [];
    if (stage === undefined) continue;
    counts[Number(stage) - 1] = Math.max(counts[Number(stage) - 1] ?? 0, Number(block) + 1);
  }
  return counts;
}

/** The number of heads leaves no trace; it is that of heads as wide as usual, 64. */
function guessVit(shapes: Shapes): string | undefined {
  const [width, , patch] = shapes['patch_embed.proj.weight'] ?? [];
  const hidden = shapes['blocks.0.mlp.fc1.weight']?.[0];
  if (width === undefined || patch === undefined || hidden === undefined) return undefined;
  const layers = Object.keys(shapes).filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name)).length;
  const known: Readonly<Record<string, string>> = {
    '192 12 16': 'vit_tiny_patch16',
    '384 12 16': 'vit_small_patch16',
    '768 12 16': 'vit_base_patch16',
  };
  const name = hidden === 4 * width ? known[`${width} ${layers} ${patch}`] : undefined;
  if (name !== undefined) return `model=${name}`;
  const heads = width % 64 === 0 ? width / 64 : 'HEADS';
  return `model=vit model.width=${width} model.layers=${layers} model.heads=${heads} model.expansion=${hidden / width} model.patch=${patch}`;
}
