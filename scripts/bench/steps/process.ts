import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

type Answer = Readonly<Record<string, unknown>>;

/** A process that answers requests, one JSON line each; it waits, without using a core, between them. */
export class MeasuringProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
    // A process that ends is noticed by its missing answer.
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', (error) => {
      this.#errors += error.message;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it and waits for its first line, which says that it is ready. */
  static async start(command: string, args: readonly string[]): Promise<[MeasuringProcess, Answer]> {
    const started = new MeasuringProcess(command, args);
    return [started, await started.#read()];
  }

  async ask(request: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return await this.#read();
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async #read(): Promise<Answer> {
    const { value, done } = await this.#lines.next();
    if (done === true) {
      const said = this.#errors.trim().split('\n').slice(-3).join('\n');
      throw new Error(`${this.#child.spawnargs.slice(0, 3).join(' ')} ended: ${said}`);
    }
    return JSON.parse(value as string) as Answer;
  }
}
