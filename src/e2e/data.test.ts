import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adultTrain, locateDataFile } from '../datasets/data-files.js';
import { testDataFolder } from '../datasets/testing/real-data.js';
import { callCommand, temporaryFolder } from './cli.js';

const folder = temporaryFolder();
const data = join(folder, 'data');
const adult = locateDataFile(testDataFolder, adultTrain).found;
let server: Server;
let mirror: string;

/** Has Adult's first file as it is published, and another one in place of the second. */
beforeAll(async () => {
  mkdirSync(data);
  server = createServer((request, response) => {
    response.setHeader('connection', 'close');
    if (request.url!.endsWith('adult.data') && adult !== undefined) response.end(readFileSync(adult));
    else if (request.url!.endsWith('adult.test')) response.end('<html>sign in to the network</html>');
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: readonly string[]) =>
  callCommand('data', words, { HELDOUT_DATA: data, HELDOUT_MIRROR: mirror });

describe('npm run data', () => {
  it('says what is there, and how to get what is not', async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain(`Data  ${data}`);
    expect(stdout).toMatch(/ no {5}compas .*\n.*\n.*→ npm run data -- get compas/);
    expect(stdout).toMatch(/ no {5}usps .*\n.*\n.*→ put it there/);
  });

  it('lists addresses, sizes and checksums', async () => {
    mkdirSync(join(data, 'compas'));
    writeFileSync(join(data, 'compas/compas-scores-two-years.csv'), 'name\nsomebody\n');
    const { code, stdout } = await run('get');
    expect(code).toBe(0);
    expect(stdout).toContain('adult/adult.data, 4.0 MB: not there');
    expect(stdout).toContain('sha256  5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d');
    expect(stdout).toContain('there, another file than the published one');
    expect(stdout).toContain('https://archive.ics.uci.edu/ml/machine-learning-databases/adult/adult.test');
    expect(stdout).toMatch(/By hand:\n {2}dsprites/);
  });

  it.skipIf(adult === undefined)(
    `gets files, and keeps none that is another (skipped without ${adultTrain.paths[0]} in ${testDataFolder})`,
    async () => {
      const { code, stdout, stderr } = await run('get', 'adult');
      expect(code).toBe(1);
      expect(stdout).toContain('adult/adult.data: 4.0 MB, checksum right');
      expect(stderr).toContain('what came is not the published file');
      expect(readFileSync(join(data, 'adult/adult.data')).equals(readFileSync(adult!))).toBe(true);
      expect(existsSync(join(data, 'adult/adult.test'))).toBe(false);
      expect((await run('get', 'adult')).stdout).toContain('adult.data: there, as published; kept');
    },
  );

  it('says with what to go on where there is no network', async () => {
    const { code, stderr } = await callCommand('data', ['get', 'mnist'], {
      HELDOUT_DATA: data,
      HELDOUT_MIRROR: 'http://nowhere.invalid',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.invalid cannot be reached');
    expect(stderr).toContain('→ the same command goes on where it stopped');
    expect(stderr).toContain(`→ curl -L -o '${join(data, 'mnist/train-images-idx3-ubyte.gz')}'`);
  });

  it.each<readonly [readonly string[], string]>([
    [['get', 'adlt'], "there is no dataset 'adlt' to get\n  → npm run data -- get adult"],
    [['get', 'usps'], 'usps has to be got by hand'],
    [['put'], "there is no 'data put'"],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
