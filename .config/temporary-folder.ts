import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives all tests, and what they start, one folder for temporary files, which goes when they are done. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
