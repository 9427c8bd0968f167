import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/hash.js';
import type { PublishedFile } from './catalogue.js';
import { fetchFile } from './fetch-file.js';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));
const patience = 20_000;
let server: Server;
let origin: string;
let folder: string;
/** What each request asked for. */
let asked: { readonly path: string; readonly range: string | undefined }[];

function answer(path: string, range: string | undefined, response: ServerResponse): void {
  if (path.endsWith('missing')) response.writeHead(404).end('not here');
  else if (path.endsWith('whole')) response.writeHead(200).end(content);
  else if (path.endsWith('silent')) response.writeHead(200).write(content.subarray(0, 1000));
  else if (path.endsWith('cut') && range === undefined) {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100_000), () => response.destroy());
  } else {
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1]);
    response.writeHead(from === 0 ? 200 : 206).end(content.subarray(from));
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push({ path: request.url!, range });
    response.setHeader('connection', 'close');
    answer(request.url!, range, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'heldout-fetch-'));
});
afterEach(() => {
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): PublishedFile => ({
  path: `data/${name}`,
  address: `${origin}/${name}`,
  bytes: content.length,
  sha256: sha256(content),
});
const never = new AbortController().signal;
const get = (name: string, more: Partial<PublishedFile> = {}, options = {}) =>
  fetchFile({ ...file(name), ...more }, join(folder, 'data', name), { signal: never, patience, ...options });
const there = (name: string) => existsSync(join(folder, 'data', name));

describe('a file that is got', () => {
  it('takes its place once it is whole and right', async () => {
    const seen: number[] = [];
    await get('plain', {}, { onProgress: (bytes: number) => seen.push(bytes) });
    expect(readFileSync(join(folder, 'data/plain')).equals(content)).toBe(true);
    expect(there('plain.part')).toBe(false);
    expect(seen.at(-1)).toBe(content.length);
  });

  it('is continued where the host was lost', async () => {
    await expect(get('cut')).rejects.toMatchObject({
      code: 'E_DOWNLOAD_NETWORK',
      hints: expect.arrayContaining(['the same command goes on where it stopped']),
    });
    expect(there('cut')).toBe(false);
    expect(there('cut.part')).toBe(true);
    await get('cut');
    expect(asked.at(-1)!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(join(folder, 'data/cut')).equals(content)).toBe(true);
  });

  it('begins anew where the host does not continue', async () => {
    await get('plain');
    writeFileSync(join(folder, 'data/whole.part'), 'something else');
    await get('whole');
    expect(readFileSync(join(folder, 'data/whole')).equals(content)).toBe(true);
  });

  it('is not kept where it is another one', async () => {
    await expect(get('plain', { sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'E_DOWNLOAD_CHECKSUM',
      exitCode: 1,
      message: expect.stringContaining(sha256(content)),
    });
    expect([there('plain'), there('plain.part')]).toEqual([false, false]);
  });

  it('comes from a mirror on request', async () => {
    await get('x', { address: 'https://nowhere.invalid/a/plain' }, { mirror: `${origin}/` });
    expect(asked).toEqual([{ path: '/nowhere.invalid/a/plain', range: undefined }]);
  });
});

describe('a file that cannot be got', () => {
  it('is not at the host', async () => {
    await expect(get('missing')).rejects.toMatchObject({
      code: 'E_DOWNLOAD_STATUS',
      message: expect.stringContaining('answers 404'),
      hints: [expect.stringMatching(/^curl -L -o /), expect.any(String)],
    });
  });

  it('has a host that nobody knows or that does not answer', async () => {
    await expect(get('x', { address: 'http://nowhere.invalid/x' })).rejects.toMatchObject({
      code: 'E_DOWNLOAD_NETWORK',
      exitCode: 1,
      message: expect.stringMatching(/^nowhere\.invalid cannot be reached/),
    });
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await expect(get('x', { address: `http://127.0.0.1:${port}/x` })).rejects.toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(get('silent', {}, { patience: 300 })).rejects.toMatchObject({
      code: 'E_DOWNLOAD_NETWORK',
      message: expect.stringContaining('nothing came for 0.3 s'),
    });
  });

  it('is stopped by who asked for it, with what came kept', async () => {
    const stop = new AbortController();
    const getting = get('silent', {}, { signal: stop.signal, onProgress: () => stop.abort('SIGINT') });
    await expect(getting).rejects.toBe('SIGINT');
    expect(there('silent.part')).toBe(true);
  });
});
