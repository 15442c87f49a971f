/**
 * Configuration as one value per service: a flat zod shape over environment variables, unit in the name, default and
 * one line of meaning. The only place that reads `process.env`. A service gets its class injected:
 *
 *     export class NluConfig extends Config({ NLU_MODEL_CACHE: z.coerce.number().default(64).describe('…') }) {}
 */
import { z } from 'zod';

export type ConfigShape = z.ZodRawShape;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own environment; nothing else of the mesh reads it. */
export const environment: Environment = process.env;

export interface ConfigClass<Values extends object = object> {
  new (values: never): Values;
  readonly shape: ConfigShape;
}

/** A base class whose instances hold the validated values of `shape`. */
export function Config<Shape extends ConfigShape>(shape: Shape): ConfigClass<z.output<z.ZodObject<Shape>>> {
  const base = class {
    static readonly shape = shape;
    constructor(values: object) {
      Object.assign(this, values);
    }
  };
  return base as unknown as ConfigClass<z.output<z.ZodObject<Shape>>>;
}

/** Marks a value that `--print-config` must not show: `secret(z.string().optional()).describe('…')`. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), secret: true });
}

/** `on`/`off` in the environment. */
export const toggle = z.enum(['on', 'off']);

/** Every value that is wrong, each in a sentence that names the variable. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Validates the environment against one class. Throws `ConfigProblem` with all that is wrong. */
export function readConfig<Values extends object>(
  type: ConfigClass<Values>,
  environment: Environment,
): Values {
  const given = Object.fromEntries(
    Object.keys(type.shape).map((key) => [key, environment[key] === '' ? undefined : environment[key]]),
  );
  const parsed = z.object(type.shape).safeParse(given);
  if (!parsed.success) {
    throw new ConfigProblem(
      parsed.error.issues.map((issue) => {
        const key = String(issue.path[0]);
        return given[key] === undefined
          ? `${key} is missing: ${meaningOf(type, key)}`
          : `${key}: ${issue.message}. ${meaningOf(type, key)}`;
      }),
    );
  }
  return new type(parsed.data as never);
}

export interface ConfigLine {
  readonly key: string;
  /** As shown to people: secrets hidden, unset as an empty string. */
  readonly value: string;
  readonly meaning: string;
  readonly secret: boolean;
}

/** The values of a config object for people, in the order of its shape. */
export function describeConfig<Values extends object>(
  type: ConfigClass<Values>,
  values: Values,
): ConfigLine[] {
  return Object.entries(type.shape).map(([key, schema]) => {
    const value = (values as Record<string, unknown>)[key];
    const hidden = (schema as z.ZodType).meta()?.['secret'] === true;
    return {
      key,
      value: value === undefined ? '' : hidden ? '(set, hidden)' : String(value),
      meaning: meaningOf(type, key),
      secret: hidden,
    };
  });
}

function meaningOf(type: ConfigClass, key: string): string {
  return (type.shape[key] as z.ZodType | undefined)?.description ?? '';
}
