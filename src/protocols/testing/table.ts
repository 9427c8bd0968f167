import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawFloat24, stream } from '../../random/stream.js';

/** The config of a table of people that is written to the folder: numbers far from 0, some missing, and levels. */
export function writeTable(folder: string, size = 160) {
  const source = stream(0, 'table');
  const draw = (among: readonly string[]) => among[Math.floor(drawFloat24(source) * among.length)]!;
  const rows = Array.from({ length: size }, () => {
    const age = 20 + Math.floor(45 * drawFloat24(source));
    const [city, sex] = [draw(['Ulm', 'Bonn', 'Kiel']), draw(['w', 'm', 'm'])];
    const hired = age + (sex === 'm' ? 10 : 0) + 20 * drawFloat24(source) > 60 ? 'yes' : 'no';
    return [age, 1000 * age + Math.floor(9000 * drawFloat24(source)), city, sex, hired].join();
  });
  const file = 'people.csv';
  writeFileSync(join(folder, file), ['age,income,city,sex,hired', ...rows, ''].join('\n'));
  return { name: 'csv', file, target: 'hired', protected: 'sex' } as const;
}
