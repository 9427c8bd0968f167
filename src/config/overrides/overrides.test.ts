import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatError } from '../../core/errors.js';
import { parseElement, parseOverride, parseValue } from './parser.js';
import { printOverride, printValue } from './printer.js';
import { rangeValues } from './ranges.js';
import {
  type ElementValue,
  isElement,
  isSweep,
  type Override,
  plainValue,
  readScalar,
  type ScalarValue,
  stringValue,
  type Value,
} from './value.js';

function plain(text: string): unknown {
  const value = parseValue(text);
  if (isElement(value)) return plainValue(value);
  if (value.type === 'choice') return { choice: value.values.map(plainValue), shuffle: value.shuffle };
  if (value.type === 'range') return { range: rangeValues(value).map((item) => item.value) };
  return value;
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

describe('keys', () => {
  it.each([
    ['a=1', 'change', 'a', undefined],
    ['a.b.c=1', 'change', 'a.b.c', undefined],
    ['list.0.x=1', 'change', 'list.0.x', undefined],
    ['hydra/launcher=x', 'change', 'hydra/launcher', undefined],
    ['a-b/c_d=x', 'change', 'a-b/c_d', undefined],
    ['+a=1', 'add', 'a', undefined],
    ['++a=1', 'force-add', 'a', undefined],
    ['~a', 'delete', 'a', undefined],
    ['~a=1', 'delete', 'a', undefined],
    ['db@src=x', 'change', 'db', 'src'],
    ['db@a.b=x', 'change', 'db', 'a.b'],
    ['db@=x', 'change', 'db', ''],
    ['db@_global_=x', 'change', 'db', '_global_'],
    ['$a=1', 'change', '$a', undefined],
  ])('%s', (text, operation, key, packageName) => {
    const override = parseOverride(text);
    expect([override.operation, override.key, override.package]).toEqual([operation, key, packageName]);
  });

  it('keeps what follows the first = for the value', () => {
    expect(parseOverride(String.raw`a=b\=c`).value).toEqual({ type: 'string', value: 'b=c' });
    expect(parseOverride('~a').value).toBeUndefined();
    expect(parseOverride('a=').value).toEqual({ type: 'string', value: '' });
  });
});

describe('values', () => {
  it.each<[string, unknown]>([
    ['abc', 'abc'],
    ['abc-123', 'abc-123'],
    ['123abc', '123abc'],
    [' abc-123 ', 'abc-123'],
    ['a b c\t-\t1 2 3', 'a b c\t-\t1 2 3'],
    ['hello world', 'hello world'],
    [`xyz_\${a.b.c}`, `xyz_\${a.b.c}`],
    [`\${env:USER,root}`, `\${env:USER,root}`],
    ['c:\\foo\\a-b.txt', 'c:\\foo\\a-b.txt'],
    ['/:-\\+.$*@?|%', '/:-\\+.$*@?|%'],
    ['.', '.'],
    ['null', null],
    ['NULL', null],
    ['None', 'None'],
    ['trUe', true],
    ['false', false],
    ['1', 1],
    ['-20', -20],
    ['+1', 1],
    ['1_000_000', 1000000],
    ['007', '007'],
    ['1__0', '1__0'],
    ['1-a', '1-a'],
    ['1 2', '1 2'],
    ['3.14', 3.14],
    ['.5', 0.5],
    ['1.', 1],
    ['1e-3', 0.001],
    ['-10e6', -10000000],
    ['10e0', 10],
    ['1.2.3', '1.2.3'],
    ['inf', Infinity],
    ['-INF', -Infinity],
    ['nan', Number.NaN],
    ['Größe', 'Größe'],
    [String.raw`a\,b\ \\`, 'a,b \\'],
    [String.raw`\ a\ `, ' a '],
    [String.raw`\{a\}`, '{a}'],
    ["'hello, world'", 'hello, world'],
    [`'1'`, '1'],
    [`"it's"`, "it's"],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`'a\\'`, 'a\\'],
    [String.raw`'a\\\'b'`, "a\\'b"],
    [String.raw`'a\b'`, String.raw`a\b`],
    ["'  '", '  '],
    ["''", ''],
    [`"\${f: {a: \${b}}}"`, `\${f: {a: \${b}}}`],
    ['[]', []],
    ['[1, 2,3 ]', [1, 2, 3]],
    ["['[a,b]']", ['[a,b]']],
    ['[1,[a],{b: 2}]', [1, ['a'], { b: 2 }]],
    ['{}', {}],
    ['{a:10,b:{c:[1,2]}}', { a: 10, b: { c: [1, 2] } }],
    ['{a: b:c}', { a: 'b:c' }],
    ['{1: x, a b: y}', { '1': 'x', 'a b': 'y' }],
    ['int(10.9)', 10],
    ['int("3")', 3],
    ['float(10)', 10],
    ['str(10.0)', '10.0'],
    ['str([1,{a: true}])', ['1', { a: 'true' }]],
    ['bool(0)', false],
    ['bool("True")', true],
    ['json_str({a: [1,null]})', '{"a":[1,null]}'],
    ['sort([2,3,1])', [1, 2, 3]],
    ['sort([2,3,1],reverse=true)', [3, 2, 1]],
    ['1,2,3', { choice: [1, 2, 3], shuffle: false }],
    ['1, 2, a', { choice: [1, 2, 'a'], shuffle: false }],
    [
      '[a,b],[c,d]',
      {
        choice: [
          ['a', 'b'],
          ['c', 'd'],
        ],
        shuffle: false,
      },
    ],
    ['choice(a)', { choice: ['a'], shuffle: false }],
    ['choice (a, b)', { choice: ['a', 'b'], shuffle: false }],
    ['sort(3,2,1)', { choice: [1, 2, 3], shuffle: false }],
    ['sort(a,c,b,reverse=true)', { choice: ['c', 'b', 'a'], shuffle: false }],
    ['float(sort(3,2,1))', { choice: [1, 2, 3], shuffle: false }],
    ['shuffle(a,b)', { choice: ['a', 'b'], shuffle: true }],
    ['str(1,2)', { choice: ['1', '2'], shuffle: false }],
    ['str(range(1,3))', { choice: ['1', '2'], shuffle: false }],
    ['range(3)', { range: [0, 1, 2] }],
    ['range(1,10,4)', { range: [1, 5, 9] }],
    ['range(start=10,stop=0,step=-3)', { range: [10, 7, 4, 1] }],
    ['range(0,10,3.3)', { range: [0, 3.3, 6.6, 9.9] }],
    ['range(0,1,0.1)', { range: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] }],
    ['range(1e-3,4e-3,1e-3)', { range: [0.001, 0.002, 0.003] }],
    ['float(range(1,3))', { range: [1, 2] }],
    ['sort(range(3),reverse=true)', { choice: [2, 1, 0], shuffle: false }],
  ])('%s', (text, expected) => {
    expect(plain(text)).toEqual(expected);
  });

  it('keeps sweeps that only others can expand', () => {
    expect(parseValue('interval(0,1)')).toEqual({
      type: 'interval',
      start: { type: 'float', value: 0 },
      end: { type: 'float', value: 1 },
      tags: [],
    });
    expect(parseValue('glob(*,exclude=debug*)')).toEqual({
      type: 'glob',
      include: ['*'],
      exclude: ['debug*'],
    });
    expect(parseValue('tag(log, b, interval(0,1))')).toMatchObject({ type: 'interval', tags: ['b', 'log'] });
  });

  it('shuffles a list the same way each time', () => {
    const first = plain('shuffle([1,2,3,4,5,6,7,8])');
    expect(first).toEqual(plain('shuffle([1,2,3,4,5,6,7,8])'));
    expect((first as number[]).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('errors point at the place', () => {
  it.each([
    ['a', "an override needs a '=' and a value", '  a\n   ^'],
    ['=1', 'an override starts with a key', '  =1\n  ^'],
    ['a!b=1', "'a!b' is not a key or a group", '  a!b=1\n   ^'],
    ['a=[1,2', "expected ',' or ']', found the end", '  a=[1,2\n        ^'],
    ['a=[]aa', "expected the end or ',', found 'aa'", '  a=[]aa\n      ^'],
    ['a=[1]]', "found ']'", '  a=[1]]\n       ^'],
    ["a='x", 'this quote is never closed', "  a='x\n    ^"],
    ["a=x'y'", 'a quote in the middle of a value', "  a=x'y'\n     ^"],
    [`a=\${b`, `'\${' is never closed`, `  a=\${b\n    ^`],
    [`a=\${b.\${c}}`, 'an interpolation inside another needs quotes', `  a=\${b.\${c}}\n         ^`],
    ['a=x!', "'!' cannot stand outside quotes", '  a=x!\n     ^'],
    ['a= ', 'a value cannot be only blanks', '  a= \n    ^'],
    ['a=b=c', "found '='", '  a=b=c\n     ^'],
    ['a={b}', "expected ':' after the key", '  a={b}\n      ^'],
    ['a={b:1,b:2}', "the key 'b' cannot stand here (again)", '  a={b:1,b:2}\n         ^'],
    ['a={"b":1}', 'keys of a map are written without quotes', '  a={"b":1}\n     ^'],
    ['a=rage(3)', "there is no function 'rage'", '  a=rage(3)\n    ^'],
    ['a=range(0,1,0)', 'the step of a range cannot be 0', '  a=range(0,1,0)\n    ^'],
    ['a=int(abc)', "cannot turn 'abc' into int", ''],
    ['a=bool("10")', "cannot turn '10' into bool", ''],
    ['a=sort(3,2,str(1))', 'cannot order values of different types', ''],
    ['a=range(stop=3,1)', 'a positional argument cannot follow a named one', ''],
    ['a=[choice(1,2)]', 'a sweep cannot stand inside another value', ''],
    ['a=choice(1,range(2))', 'a sweep cannot stand inside this function', ''],
    ['a=12345678901234567890', 'is too large for an exact integer', ''],
    ['a@b!=1', "'b!' is not a package", '  a@b!=1\n    ^'],
  ])('%s', (text, message, frame) => {
    const shown = messageOf(() => parseOverride(text));
    expect(shown).toContain(message);
    expect(shown).toContain(frame);
  });

  it('refuses a sweep where an element is read', () => {
    expect(messageOf(() => parseElement('1,2'))).toContain('a sweep cannot stand here');
  });
});

const number = fc.oneof(
  fc.maxSafeInteger().map((value) => ({ type: 'integer', value: value + 0 }) as const),
  fc.double().map((value) => ({ type: 'float', value }) as const),
);
const quoted = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', '\\', "'", '"', ' ', ',', '{', '$', '\n', 'é') }),
    fc.constantFrom("'", '"'),
  )
  .map(([value, quote]) => ({ type: 'string', value, quote }) as ScalarValue);
const bare = fc
  .string({ unit: fc.constantFrom(...'ab1-.\\()[]{}:=, \t$/%é', `\${`, "'"), minLength: 1 })
  .map(stringValue)
  .filter((value) => value.quote === undefined);
const scalar: fc.Arbitrary<ScalarValue> = fc.oneof(
  fc.constant({ type: 'null' } as const),
  fc.boolean().map((value) => ({ type: 'boolean', value }) as const),
  number,
  quoted,
  bare,
);
const keys = fc.uniqueArray(
  fc
    .string({ unit: fc.constantFrom(...'ab1_ -'), minLength: 1, maxLength: 5 })
    .map(stringValue)
    .filter((key) => key.quote === undefined),
  { selector: (key) => key.value, maxLength: 3 },
);
const { element } = fc.letrec<{ element: ElementValue }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('element'), { maxLength: 4 }).map((items) => ({ type: 'list', items }) as const),
    keys.chain((names) =>
      fc
        .tuple(...names.map((name) => tie('element').map((value) => [name, value] as const)))
        .map((entries) => ({ type: 'map', entries }) as const),
    ),
  ),
}));
const tags = fc.uniqueArray(fc.constantFrom('log', 'a b'), { maxLength: 2 }).map((names) => names.toSorted());
const small = fc.integer({ min: -50, max: 50 }).map((value) => ({ type: 'integer', value }) as const);
const sweep: fc.Arbitrary<Value> = fc.oneof(
  fc.record({
    type: fc.constant('choice' as const),
    values: fc.array(element, { minLength: 2, maxLength: 4 }),
    simple: fc.boolean(),
    shuffle: fc.boolean(),
    tags: fc.constant([]),
  }),
  fc.record({
    type: fc.constant('choice' as const),
    values: fc.array(element, { minLength: 1, maxLength: 4 }),
    simple: fc.constant(false),
    shuffle: fc.boolean(),
    tags,
  }),
  fc.record({
    type: fc.constant('range' as const),
    start: small,
    stop: small,
    step: small.filter((step) => step.value !== 0),
    shuffle: fc.boolean(),
    tags,
  }),
  fc.record({
    type: fc.constant('interval' as const),
    start: fc.double({ noNaN: true }).map((value) => ({ type: 'float', value }) as const),
    end: fc.double({ noNaN: true }).map((value) => ({ type: 'float', value }) as const),
    tags,
  }),
  fc.record({
    type: fc.constant('glob' as const),
    include: fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 3 }),
    exclude: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
  }),
);

describe('the printer is the inverse of the parser', () => {
  it('for values', () => {
    fc.assert(
      fc.property(fc.oneof(element, sweep), (value) => {
        expect(parseValue(printValue(value))).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it('for overrides', () => {
    const override: fc.Arbitrary<Override> = fc.record(
      {
        operation: fc.constantFrom('change', 'add', 'force-add', 'delete'),
        key: fc.constantFrom('a', 'a.b', 'list.0', 'a/b', 'x-y'),
        package: fc.constantFrom('', 'a', 'a.b'),
        value: fc.oneof(element, sweep),
      },
      { requiredKeys: ['operation', 'key', 'value'] },
    );
    fc.assert(
      fc.property(override, (item) => {
        expect(parseOverride(printOverride(item))).toEqual(item);
      }),
      { numRuns: 200 },
    );
  });

  it('reads any text without a crash', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab1,:=(){}[]\'"\\ $.~+@/'), maxLength: 12 }),
        (text) => {
          expect(messageOf(() => parseOverride(text))).not.toContain('internal error');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('prints text that would be something else in quotes', () => {
    for (const text of [
      `\${eval:'1, 2'}`,
      `a \${b.c}-\\\${d}`,
      '1',
      'null',
      'true',
      '',
      '1e5',
      'a"b',
      'x!',
    ]) {
      expect(parseValue(printValue(stringValue(text)))).toMatchObject({ type: 'string', value: text });
    }
    expect(readScalar('1_0').type).toBe('integer');
    expect(isSweep(parseValue('str(1)'))).toBe(false);
  });
});
