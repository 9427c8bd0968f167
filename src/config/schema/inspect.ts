import type * as z from 'zod';

/** The part of zod's definitions that is read here. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly format?: string;
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/** Takes off `default`, `prefault`, `optional`, `nullable`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = definitionOf(schema);
  return innerType === undefined ? schema : unwrap(innerType);
}

/** The object schema that fits a value: of a union the option that its discriminator names. */
export function shapeFor(
  schema: z.ZodType,
  discriminate: (key: string) => unknown,
): Readonly<Record<string, z.ZodType>> | undefined {
  const definition = definitionOf(unwrap(schema));
  if (definition.type === 'object') return definition.shape;
  const { discriminator } = definition;
  if (discriminator === undefined) return undefined;
  const wanted = discriminate(discriminator);
  const option = definition.options?.find((candidate) => {
    const field = definitionOf(candidate).shape?.[discriminator] as
      | (z.ZodType & { values?: Set<unknown> })
      | undefined;
    return field?.values?.has(wanted) === true;
  });
  return option === undefined ? undefined : definitionOf(option).shape;
}
