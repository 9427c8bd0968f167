import { join } from 'node:path';
import { jsonSchema, schemaGroups } from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files/files.js';
import { projectRoot } from '../../core/files/paths.js';
import { print } from '../output/print.js';

/** Writes JSON Schema for configs and for each group, where editors find them by the settings it prints. */
export function writeSchema(): ExitCode {
  const folder = join(projectRoot(), '.cache', 'schema');
  const write = (name: string, schema: unknown) =>
    writeFileAtomic(join(folder, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  write('config', jsonSchema());
  const groups = schemaGroups();
  for (const group of groups) write(group.replaceAll('/', '.'), jsonSchema(group));
  const associations = Object.fromEntries([
    [
      '.cache/schema/config.json',
      ['configs/*.yaml', 'configs/{debug,scale,local}/*.yaml', 'experiments/*/experiment.yaml'],
    ],
    ...groups.map((group) => [
      `.cache/schema/${group.replaceAll('/', '.')}.json`,
      [`configs/${group}/*.yaml`],
    ]),
  ]);
  print(`Wrote ${groups.length + 1} schemas to .cache/schema/. For VS Code's YAML extension, put into your settings:

${JSON.stringify({ 'yaml.schemas': associations }, null, 2)}`);
  return 0;
}
