import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('nothing else draws', () => {
  it('uses no generator but the streams of this folder', () => {
    const source = join(import.meta.dirname, '..');
    const generators =
      /Math\.random\(|randomBytes|getRandomValues|\.(randomUniform|randomNormal|truncatedNormal|randomGamma|rand|dropout|multinomial)\(|['"]pure-rand/;
    const offenders = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('random/'))
      .filter((file) => generators.test(readFileSync(join(source, file), 'utf8')));
    expect(offenders).toEqual([]);
  });
});
