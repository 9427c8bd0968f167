import { describe, expect, it } from 'vitest';
import { describePrecision, refusePrecision } from './precision.js';

const gpu = { tier: 'tensorflow', gpu: true } as const;
const cpu = { tier: 'tensorflow', gpu: false } as const;
const wasm = { tier: 'wasm', gpu: false } as const;

describe('a precision', () => {
  it.each([
    ['float32', [gpu, cpu, wasm]],
    ['tf32', [gpu]],
    ['bfloat16', [gpu, cpu]],
    ['float16', [gpu, cpu]],
  ] as const)('%s can be had where the device has it', (precision, places) => {
    const found = [gpu, cpu, wasm].filter((one) => refusePrecision({ precision }, one) === undefined);
    expect(found).toEqual(places);
  });

  it('that is refused names what to type', () => {
    expect(refusePrecision({ precision: 'bfloat16' }, wasm)).toMatchObject({
      code: 'E_ENGINE_PRECISION',
      place: 'engine.precision=bfloat16',
      hints: ['engine.precision=float32', expect.stringContaining('engine.backend=tensorflow')],
    });
    expect(refusePrecision({ precision: 'float16', compile: 'off' }, cpu)).toMatchObject({
      message: expect.stringContaining('engine.compile=off'),
      hints: ['engine.precision=float32', 'engine.compile=auto'],
    });
  });

  it('that is slow on a CPU is said to be', () => {
    expect(describePrecision({ precision: 'bfloat16' }, cpu)).toContain('about twice');
    expect(describePrecision({ precision: 'float16' }, gpu)).toBeUndefined();
    expect(describePrecision({ precision: 'float32' }, cpu)).toBeUndefined();
  });
});
