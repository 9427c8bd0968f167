import type { NamedArrays } from '../../../engine/engine.js';
import type { InterpreterOptions } from '../interpreter.js';

/** Rows of numbers in double precision. */
type Rows = number[][];

/**
 * An interpreter as it is defined, in double precision and plain loops, for one example: every sum, weight and share on
 * its own, and functions one after the other. Tokens `[tokens][width]`, to the same.
 */
export function interpretPlainly(
  parameters: NamedArrays,
  name: string,
  tokens: Rows,
  options: InterpreterOptions,
): Rows {
  const table = (path: string): Rows => readRows(parameters, `${name}/${path}`);
  const codes = table('functions/codes');
  const signatures = table('functions/signatures');
  const sigma = parameters[`${name}/types/bandwidth`]?.data[0] ?? 1;
  const modLin = (path: string, x: readonly number[], code: readonly number[]) => {
    const factor = normalise(multiply(code, table(`${path}/code/kernel`)));
    const y = multiply(
      x.map((value, at) => value * factor[at]!),
      table(`${path}/kernel`),
    );
    const bias = parameters[`${name}/${path}/bias`]?.data;
    return y.map((value, at) => value + (bias?.[at] ?? 0));
  };
  const norm = (path: string, x: readonly number[]) => {
    const [scale, shift] = ['scale', 'shift'].map((part) => parameters[`${name}/${path}/${part}`]!.data);
    return normalise(x).map((value, at) => value * scale![at]! + shift![at]!);
  };
  const dense = (path: string, x: readonly number[]) => {
    const bias = parameters[`${name}/${path}/bias`]!.data;
    return multiply(x, table(`${path}/kernel`)).map((value, at) => value + bias[at]!);
  };
  const typeOf = (x: readonly number[]) =>
    dense('types/out', dense('types/hidden', norm('types/norm', x)).map(gelu));
  const bias = (line: string, function_: number, head: number, from: number, to: number) => {
    if (options.positions === undefined) return 0;
    const { grid, others } = options.positions;
    if (from < others || to < others) return 0;
    const places = [from - others, to - others].map(
      (at) => [Math.floor(at / grid[1]), at % grid[1]] as const,
    );
    return (['rows', 'columns'] as const).reduce((sum, axis, at) => {
      const offset = places[1]![at]! - places[0]![at]! + grid[at]! - 1;
      const path = `${line}/attention/positions/${axis}`;
      const change = multiply(codes[function_]!, table(`${path}/code/kernel`));
      return sum + table(`${path}/table`)[head]![offset]! + change[head * (2 * grid[at]! - 1) + offset]!;
    }, 0);
  };

  let current = tokens;
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const affinities = current.map((x) => {
      const type = typeOf(x);
      return signatures.map((signature) => {
        const distance = 1 - cosine(signature, type);
        return distance < options.matching.truncation ? Math.exp(-distance / sigma) : 0;
      });
    });
    const shares = affinities.map((row) => row.map((value) => value / (1e-6 + total(row))));
    const results = codes.map((code, u) => {
      let stream = current;
      for (let at = 1; at <= options.lines; at++) {
        const line = `line${at}`;
        const normal = stream.map((x) => norm(`${line}/attention/norm`, x));
        const [q, k, v] = ['query', 'key', 'value'].map((part) =>
          normal.map((x) => modLin(`${line}/attention/${part}`, x, code)),
        );
        const width = options.headWidth;
        const own = (x: readonly number[], head: number) => x.slice(head * width, (head + 1) * width);
        const heard = stream.map((x, i) => {
          const heads = Array.from({ length: options.heads }, (_, head) => {
            const scores = stream.map(
              (_, j) =>
                dot(own(q![i]!, head), own(k![j]!, head)) / Math.sqrt(width) + bias(line, u, head, i, j),
            );
            const weights = softmax(scores).map((weight, j) => shares[i]![u]! * shares[j]![u]! * weight);
            const sum = total(weights) + 1e-6;
            return own(v![0]!, head).map((_, n) =>
              total(weights.map((weight, j) => (weight / sum) * own(v![j]!, head)[n]!)),
            );
          });
          const message = modLin(`${line}/attention/out`, heads.flat(), code);
          return x.map((value, n) => value + shares[i]![u]! * message[n]!);
        });
        stream = heard.map((x, i) => {
          const hidden = modLin(`${line}/feed-forward/in`, norm(`${line}/feed-forward/norm`, x), code).map(
            gelu,
          );
          const worked = modLin(`${line}/feed-forward/out`, hidden, code);
          return x.map((value, n) => value + shares[i]![u]! * worked[n]!);
        });
      }
      return stream;
    });
    current = current.map((x, i) =>
      affinities[i]!.every((value) => value === 0)
        ? x
        : x.map((_, n) => total(results.map((rows, u) => shares[i]![u]! * rows[i]![n]!))),
    );
  }
  return current;
}

function readRows(parameters: NamedArrays, name: string): Rows {
  const { shape, data } = parameters[name]!;
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => [
    ...data.slice(row * width, (row + 1) * width),
  ]);
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const dot = (a: readonly number[], b: readonly number[]) => total(a.map((value, at) => value * b[at]!));
const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

function multiply(x: readonly number[], kernel: Rows): number[] {
  return kernel[0]!.map((_, column) => total(x.map((value, row) => value * kernel[row]![column]!)));
}

function normalise(x: readonly number[]): number[] {
  const mean = total(x) / x.length;
  const variance = total(x.map((value) => (value - mean) ** 2)) / x.length;
  return x.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  return powers.map((power) => power / total(powers));
}

/** x Φ(x), with the error function by its series, which is exact to double precision for the values here. */
function gelu(x: number): number {
  const z = x / Math.SQRT2;
  let term = z;
  let sum = z;
  for (let n = 1; n < 200; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return x * (0.5 + sum / Math.sqrt(Math.PI));
}
