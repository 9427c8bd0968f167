import * as z from 'zod';
import { definitionOf, unwrap } from './inspect.js';
import { configSchema } from './root.js';

type JsonSchema = { readonly [key: string]: unknown };

/**
 * JSON Schema for the YAML files, for editors: of a whole config, or of the options of a group
 * (`training/optimizer`). A file may leave anything out, hold interpolations and `???`, and begin with a
 * defaults list.
 */
export function jsonSchema(group?: string): JsonSchema {
  const schema = group === undefined ? configSchema : schemaOfGroup(group);
  if (schema === undefined) throw new RangeError(`there is no schema for the group '${group}'`);
  const own = relax(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) as JsonSchema;
  return addDefaults(own);
}

function schemaOfGroup(group: string): z.ZodType | undefined {
  let schema: z.ZodType | undefined = configSchema;
  for (const key of group.split('/')) {
    schema = schema === undefined ? undefined : definitionOf(unwrap(schema)).shape?.[key];
  }
  return schema;
}

/** Groups that have a schema of their own. */
export function schemaGroups(): string[] {
  return [
    ...Object.keys(configSchema.shape).filter((key) => !['mode', 'seed'].includes(key)),
    'training/optimizer',
    'training/schedule',
    'training/augment',
    'evaluation/probes',
  ];
}

const DEFAULTS_LIST = {
  type: 'array',
  description: 'configs that this one is laid on or under, in order; _self_ is this file itself',
  items: { type: ['string', 'object'] },
};

function addDefaults(schema: JsonSchema): JsonSchema {
  for (const union of ['anyOf', 'oneOf']) {
    const options = schema[union];
    if (Array.isArray(options)) return { ...schema, [union]: options.map((option) => addDefaults(option)) };
  }
  const properties = schema.properties as JsonSchema | undefined;
  return properties === undefined
    ? schema
    : { ...schema, properties: { defaults: DEFAULTS_LIST, ...properties } };
}

const OPEN_TEXT = { type: 'string', pattern: String.raw`\$\{|^\?\?\?$` };

/** Nothing is required, and every value may also be an interpolation. */
function relax(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(relax);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required: _, ...rest } = schema as JsonSchema;
  const relaxed = Object.entries(rest).map(([key, value]) => {
    if (key === 'properties') {
      const fields = Object.entries(value as JsonSchema).map(([name, field]) => [
        name,
        openText(relax(field)),
      ]);
      return [key, Object.fromEntries(fields)];
    }
    return [key, key === 'default' || key === 'enum' ? value : relax(value)];
  });
  return Object.fromEntries(relaxed);
}

function openText(field: unknown): unknown {
  const { description, ...schema } = field as JsonSchema;
  if (schema.type === 'string' && schema.enum === undefined && schema.const === undefined) return field;
  return { ...(description === undefined ? {} : { description }), anyOf: [schema, OPEN_TEXT] };
}
