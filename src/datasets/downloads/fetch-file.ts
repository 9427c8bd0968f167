import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { explainFileError } from '../../core/files/file-errors.js';
import { makeFolder, renameDurably, syncFile } from '../../core/files/files.js';
import type { PublishedFile } from './catalogue.js';

export interface FetchOptions {
  /** Stops it; what came so far is kept. */
  readonly signal: AbortSignal;
  /** Bytes that are there, now and then. */
  readonly onProgress?: (bytes: number) => void;
  /**
   * Where files lie that may not be had from their own hosts: `http://mirror` has `http://mirror/HOST/PATH`.
   */
  readonly mirror?: string | undefined;
  /** Milliseconds without a byte after which a host counts as lost. */
  readonly patience?: number;
}

const usualPatience = 30_000;

/**
 * Gets a file whole or not at all: it comes to `to.part`, is compared with its checksum, and only then takes its
 * place. What an earlier attempt left is continued where the host can. Throws HeldoutError where the host cannot be
 * reached, does not have the file, or has another one.
 */
export async function fetchFile(file: PublishedFile, to: string, options: FetchOptions): Promise<void> {
  const part = `${to}.part`;
  const address = mirrored(file.address, options.mirror);
  makeFolder(dirname(to));
  try {
    await receive(address, part, file, to, options);
    const found = await hashFile(part);
    if (found !== file.sha256) {
      rmSync(part, { force: true });
      throw otherFile(address, found, file, to);
    }
    syncFile(part);
    renameDurably(part, to);
  } catch (error) {
    throw explainFileError(error, part);
  }
}

/** SHA-256 of a file, which is read piece by piece. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

function mirrored(address: string, mirror: string | undefined): string {
  if (mirror === undefined || mirror === '') return address;
  const { host, pathname } = new URL(address);
  return `${mirror.replace(/\/$/, '')}/${host}${pathname}`;
}

async function receive(
  address: string,
  part: string,
  file: PublishedFile,
  to: string,
  { signal, onProgress, patience = usualPatience }: FetchOptions,
): Promise<void> {
  const lost = new AbortController();
  const timer = setTimeout(() => lost.abort(new Error(`nothing came for ${patience / 1000} s`)), patience);
  try {
    const there = statSync(part, { throwIfNoEntry: false })?.size ?? 0;
    const continues = there > 0 && there < file.bytes;
    const response = await fetch(address, {
      signal: AbortSignal.any([signal, lost.signal]),
      headers: { 'accept-encoding': 'identity', ...(continues && { range: `bytes=${there}-` }) },
    });
    if (!response.ok || response.body === null) throw refused(address, response.status, to);
    const appends = response.status === 206;
    const descriptor = openSync(part, appends ? 'a' : 'w');
    try {
      let bytes = appends ? there : 0;
      for await (const piece of response.body) {
        timer.refresh();
        writeSync(descriptor, piece);
        bytes += piece.length;
        onProgress?.(bytes);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explainNetwork(error, address, to);
  } finally {
    clearTimeout(timer);
  }
}

function byHand(address: string, to: string): readonly string[] {
  return [`curl -L -o '${to}' '${address}'  on this or another machine`];
}

function refused(address: string, status: number, to: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DOWNLOAD_STATUS',
    message: `${new URL(address).host} answers ${status}: it does not give the file`,
    place: address,
    hints: [...byHand(address, to), 'the file may have moved: look for its name and compare the checksum'],
    exitCode: 1,
  });
}

function otherFile(address: string, found: string, { sha256 }: PublishedFile, to: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DOWNLOAD_CHECKSUM',
    message: `what came is not the published file: its SHA-256 is ${found}, not ${sha256}`,
    place: address,
    hints: [
      'nothing was kept; the same command gets it anew',
      `where a proxy answers in the host's place, put the file to ${to} by hand`,
    ],
    exitCode: 1,
  });
}

/** What `fetch` throws says nothing but that it failed: the reason is its cause. */
function explainNetwork(error: unknown, address: string, to: string): unknown {
  if (error instanceof HeldoutError) return error;
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new HeldoutError({
    code: 'E_DOWNLOAD_NETWORK',
    message: `${new URL(address).host} cannot be reached, or was lost (${reason})`,
    place: address,
    hints: [
      'the same command goes on where it stopped',
      ...byHand(address, to),
      'HELDOUT_MIRROR=http://HOST gets http://HOST/ORIGINAL-HOST/PATH instead',
    ],
    exitCode: 1,
    cause: error,
  });
}

/** Undefined for what the file system threw. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  if ('syscall' in error && 'path' in error) return undefined;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
