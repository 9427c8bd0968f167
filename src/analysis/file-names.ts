/**
 * What tells the files of several variants apart: `''` where there is one, else `-dsprites-every-8`. Nothing
 * but small letters, digits, `_` and `-`, which every disk, shell and LaTeX label takes; never twice the same.
 */
export function fileSuffixes(labels: readonly string[]): ReadonlyMap<string, string> {
  const suffixes = new Map<string, string>();
  const taken = new Set<string>();
  for (const label of labels) {
    const slug = label
      .toLowerCase()
      .replaceAll(/[^a-z0-9_]+/g, '-')
      .replaceAll(/^-|-$/g, '');
    let suffix = `-${slug}`;
    for (let count = 2; taken.has(suffix); count += 1) suffix = `-${slug}-${count}`;
    taken.add(suffix);
    suffixes.set(label, labels.length > 1 ? suffix : '');
  }
  return suffixes;
}
