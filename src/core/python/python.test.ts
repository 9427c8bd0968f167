import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonJson, pythonJson } from './json.js';
import { floatRepr, pythonRepr, pythonText } from './repr.js';
import { float, PythonTuple, type PythonValue, toPlain } from './value.js';

// Every expected text was printed by Python 3: repr(value), json.dumps(value, sort_keys=True).
describe('pythonRepr', () => {
  it.each<readonly [number, string]>([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [1 / 3, '0.3333333333333333'],
    [2.7028930742148706e-5, '2.7028930742148706e-05'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [9.9e-5, '9.9e-05'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1234567890123456, '1234567890123456.0'],
    [65030.52212762795, '65030.52212762795'],
    [1e22, '1e+22'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [1e100, '1e+100'],
    [-1.5, '-1.5'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('writes the float %d', (value, text) => {
    expect(floatRepr(value)).toBe(text);
    expect(pythonRepr(float(value))).toBe(text);
  });

  it.each<readonly [string, string]>([
    ['x', "'x'"],
    ["it's", '"it\'s"'],
    ['say "hi"', '\'say "hi"\''],
    ['both \' and "', "'both \\' and \"'"],
    ['a\\b\n\r\t', "'a\\\\b\\n\\r\\t'"],
    ['\u0000\u001f\u007f\u00a0\u00ad', "'\\x00\\x1f\\x7f\\xa0\\xad'"],
    ['äß€字', "'äß€字'"],
    ['\u200b\ue000😀', "'\\u200b\\ue000😀'"],
    ['\u{e0001}', "'\\U000e0001'"],
  ])('writes the string %j', (value, text) => {
    expect(pythonRepr(value)).toBe(text);
  });

  it('writes what is nested', () => {
    const value = new PythonTuple(['VLCS', 'ERM', [1, 2], 1, 0, null, true, false, 0.5, float(2)]);
    expect(pythonRepr(value)).toBe("('VLCS', 'ERM', [1, 2], 1, 0, None, True, False, 0.5, 2.0)");
    expect(pythonRepr(new PythonTuple([]))).toBe('()');
    expect(pythonRepr(new PythonTuple(['x']))).toBe("('x',)");
    expect(pythonRepr([new PythonTuple([1]), []])).toBe('[(1,), []]');
    expect(pythonRepr({ b: 1, a: [float(1)] })).toBe("{'b': 1, 'a': [1.0]}");
    expect(pythonRepr(2 ** 60)).toBe('1152921504606846976');
    expect(pythonText('x')).toBe('x');
    expect(pythonText(true)).toBe('True');
  });
});

describe('pythonJson', () => {
  it('sorts keys, separates as Python does and escapes', () => {
    expect(pythonJson({ b: [1, float(1), 1e-5], a: { z: null, y: true } })).toBe(
      '{"a": {"y": true, "z": null}, "b": [1, 1.0, 1e-05]}',
    );
    expect(pythonJson('ä😀\u007f"\\\n')).toBe('"\\u00e4\\ud83d\\ude00\\u007f\\"\\\\\\n"');
    expect(pythonJson([Number.NaN, float(Number.POSITIVE_INFINITY), Number.NEGATIVE_INFINITY])).toBe(
      '[NaN, Infinity, -Infinity]',
    );
  });

  it('reads back what it wrote, floats apart from ints', () => {
    const text = '{"a": [1, 1.0, -2.5e-07, NaN, -Infinity, "NaN, 1.0 \\" x"], "b": {"c": false, "d": null}}';
    expect(pythonJson(parsePythonJson(text))).toBe(text);
    expect(toPlain(parsePythonJson(text))).toEqual({
      a: [1, 1, -2.5e-7, Number.NaN, Number.NEGATIVE_INFINITY, 'NaN, 1.0 " x'],
      b: { c: false, d: null },
    });
    expect(() => parsePythonJson('{"a": 1.')).toThrow(SyntaxError);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = pythonJson(value as PythonValue);
        expect(pythonJson(parsePythonJson(text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});
