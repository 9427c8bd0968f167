import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** A fresh folder below the system's temporary one. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'heldout-test-'));
}

/** Compiles a program of this folder with all that it imports; returns the path to give to Node. */
export async function buildProgram(name: string): Promise<string> {
  const outfile = join(makeTemporaryFolder(), `${name}.mjs`);
  await build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}
