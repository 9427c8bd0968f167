// Starts Heldout: compiles `src` once into a cache keyed by its content, then runs what it compiled.
// Plain JavaScript, and nothing but Node until the cache is known to be stale: this is on every start.
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

function fail(message, hint) {
  process.stderr.write(`error: ${message}\n  → ${hint}\n`);
  process.exit(2);
}

if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Heldout needs Node 20.19 or later, this is ${process.versions.node}`,
    'install a newer Node from https://nodejs.org',
  );
}
if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  fail('the packages are not installed', 'npm ci');
}

function listSources(folder, files = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) listSources(path, files);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) files.push(path);
  }
  return files;
}

const digest = (hash) => hash.digest('hex').slice(0, 16);

/** Hash of what is compiled: every source by its path and content. */
function hashContents(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  return digest(hash);
}

const mostStamps = 16;

/** The same, found without reading the files while none of their times and sizes has changed. */
function contentKey(cache, files) {
  const stamp = createHash('sha256').update(root);
  for (const file of files) {
    const { mtimeMs, ctimeMs, size, ino } = statSync(file);
    stamp.update(`${file}\0${mtimeMs}\0${ctimeMs}\0${size}\0${ino}\n`);
  }
  const known = join(cache, `stamp-${digest(stamp)}`);
  try {
    return readFileSync(known, 'utf8');
  } catch {
    // Not known yet, or another process is just replacing it.
  }
  const key = hashContents(files);
  // One for each folder from which this cache is reached, and not many that are out of date.
  const stamps = readdirSync(cache).filter((name) => name.startsWith('stamp-'));
  if (stamps.length >= mostStamps) for (const name of stamps) rmSync(join(cache, name), { force: true });
  const temporary = join(cache, `new-stamp-${process.pid}`);
  writeFileSync(temporary, key);
  renameSync(temporary, known);
  return key;
}

// Small pure-JavaScript packages are compiled in: one file to read at start instead of hundreds.
const bundled = [
  'cosmiconfig',
  'execa',
  'fastest-levenshtein',
  'log-update',
  'p-queue',
  'pure-rand',
  'simple-statistics',
  'yaml',
  'yargs',
  'zod',
];

async function compile(folder) {
  const { build } = await import('esbuild');
  const temporary = `${folder}.${process.pid}.tmp`;
  const dependencies = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);
  const external = dependencies.filter((name) => !bundled.includes(name));
  const options = {
    absWorkingDir: root,
    outdir: temporary,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    minifySyntax: true,
    minifyWhitespace: true,
    outExtension: { '.js': '.mjs' },
    // cosmiconfig could load TypeScript, which is not installed where Heldout only runs.
    external: ['typescript', ...external.flatMap((name) => [name, `${name}/*`])],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  };
  await Promise.all([
    // What starts most often is one file: looking for many costs more than reading one.
    build({ ...options, entryPoints: { main: 'src/cli/main.ts' } }),
    build({
      ...options,
      entryPoints: {
        job: 'src/cli/jobs/job.ts',
        bench: 'scripts/bench/main.ts',
        'training-check': 'src/setup/addon/training-check.ts',
      },
      splitting: true,
    }),
  ]);
  try {
    renameSync(temporary, folder);
  } catch {
    // Another process finished the same compilation first.
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** node_modules/.cache where it can be written, else a temporary folder that finds the packages by a link. */
function chooseCache() {
  const usual = join(root, 'node_modules', '.cache', 'heldout');
  try {
    mkdirSync(usual, { recursive: true });
    accessSync(usual, constants.W_OK);
    return usual;
  } catch {
    const other = join(tmpdir(), `heldout-${process.getuid?.() ?? 'user'}`);
    mkdirSync(other, { recursive: true });
    if (!existsSync(join(other, 'node_modules')))
      symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
    return other;
  }
}

/** Keeps the newest few compilations: a running sweep may still start jobs from an older one. */
function prune(cache) {
  const builds = readdirSync(cache)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => ({ path: join(cache, name), time: statSync(join(cache, name)).mtimeMs }));
  builds.sort((a, b) => b.time - a.time);
  for (const old of builds.slice(8)) rmSync(old.path, { recursive: true, force: true });
}

const cache = chooseCache();
const sources = [...listSources(join(root, 'src')), ...listSources(join(root, 'scripts'))].sort();
const files = [...sources, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)];
const folder = join(cache, contentKey(cache, files));
if (!existsSync(folder)) {
  try {
    await compile(folder);
    prune(cache);
  } catch (error) {
    fail(`the sources do not compile: ${error.message}`, 'npm run check');
  }
}
process.env.HELDOUT_ROOT = root;
process.env.HELDOUT_BUILD = folder;
const [command, ...rest] = process.argv.slice(2);
createRequire(import.meta.url)('node:module').enableCompileCache?.(join(cache, 'v8'));
const entry = command === 'bench' ? 'bench.mjs' : 'main.mjs';
const program = await import(pathToFileURL(join(folder, entry)).href);
process.exitCode = await program.main(command, rest);
