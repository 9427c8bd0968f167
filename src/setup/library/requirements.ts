/**
 * The requirements that a wheel's METADATA names for an extra, as pip takes them: `nvidia-nccl-cu12<3.0,>=2.27.7`.
 * Those with further conditions (another Python, another system) are left out.
 */
export function requirementsOfExtra(metadata: string, extra: string): string[] {
  const head = metadata.split(/\r?\n\r?\n/, 1)[0] ?? '';
  return [...head.matchAll(/^Requires-Dist: *([^;\r\n]+?) *; *(.+?) *$/gm)]
    .filter(([, , condition]) => condition!.replace(/['"]/g, '"') === `extra == "${extra}"`)
    .map(([, requirement]) => requirement!.replace(/[\s()]/g, ''));
}
