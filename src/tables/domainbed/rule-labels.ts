import type { SelectionRule } from '../../selection/index.js';

/** Short enough for the head of a column; who sees the test environment says so. */
const labels: Readonly<Record<string, string>> = {
  'training-domain validation set': 'training-domain',
  'worst-environment validation set': 'worst environment',
  'leave-one-domain-out cross-validation': 'leave-one-out',
  'last checkpoint, training-domain validation set': 'last checkpoint',
  'test-domain validation set (oracle)': 'oracle (sees test)',
};

export function labelRule({ name }: SelectionRule): string {
  return labels[name] ?? name;
}
