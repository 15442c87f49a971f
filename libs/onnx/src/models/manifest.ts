/**
 * The manifest of a model: everything that must be known before a byte of it is loaded. One YAML file per model in
 * `libs/onnx/models`, named as its `id`.
 *
 * Promises: a manifest that parses is complete and consistent; any other is refused with `invalid_argument`, in a
 * sentence which names the file and each wrong field.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@frontdesk/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSource, type Source } from './source.js';

export interface ModelFile {
  readonly name: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Tried in this order; each gives the same bytes. Empty for a file which is made. */
  readonly sources: readonly Source[];
  /** The file is made here, by a conversion of `conversions.ts`, from another file of the manifest. */
  readonly made?: { readonly by: string; readonly from: string };
}

export interface ModelManifest {
  readonly id: string;
  readonly title: string;
  /** Owner and name of the hub's repository which published the weights. */
  readonly repository: string;
  /**
   * Its commit, 40 hex digits; for a `model.onnx` that is made from a package, the first 40 of its SHA-256. Vectors of two
   * revisions cannot be compared: keep it with what you store.
   */
  readonly revision: string;
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  /** ISO 639-1 codes in which the model is good; `mul` where it covers about a hundred. */
  readonly languages: readonly string[];
  /** How token vectors become one: that of the first token, or the mean over the attention mask. */
  readonly pooling: 'cls' | 'mean';
  /** Written before a text, as in training; empty where the model wants none. */
  readonly prefixes: { readonly query: string; readonly passage: string };
  /** Length of a vector. */
  readonly dimension: number;
  /** Longest input in tokens, special ones included; what is longer is cut. */
  readonly maxTokens: number;
  /** Names, inside the graph, of the hidden states that say more together than the vector; early to late. */
  readonly layers: readonly string[];
  /** Whether `pull` fetches it without being asked for it by name. */
  readonly byDefault: boolean;
  /** `model.onnx`, `tokenizer.json`, and what the model is made from. */
  readonly files: readonly ModelFile[];
}

/** The files each model has, whatever they are called where they come from. */
export const MODEL_FILE = 'model.onnx';
export const TOKENIZER_FILE = 'tokenizer.json';

/** Reads one manifest; `file` is its name in errors, and without `.yaml` the model's id. */
export function parseManifest(yaml: string, file: string): ModelManifest {
  const parsed = schema.safeParse(readYaml(yaml, file));
  if (!parsed.success) {
    throw refusal(
      file,
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'the whole', message })),
    );
  }
  const expected = basename(file, '.yaml');
  if (parsed.data.id !== expected)
    throw refusal(file, [{ field: 'id', message: `must be "${expected}", as the file` }]);
  return parsed.data;
}

/** The manifests in a folder, by id; those that ship with Frontdesk when none is named. */
export function readManifests(folder = SHIPPED): readonly ModelManifest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((file) => parseManifest(readFileSync(join(folder, file), 'utf8'), file));
}

/** The files a model is used by: all but those from which others are made. */
export function productsOf(manifest: ModelManifest): readonly ModelFile[] {
  return manifest.files.filter(({ name }) => !manifest.files.some(({ made }) => made?.from === name));
}

/** A file of the manifest by name; `not_found` where there is none. */
export function fileOf(manifest: ModelManifest, name: string): ModelFile {
  const file = manifest.files.find((file) => file.name === name);
  if (!file) throw new AppError('not_found', `The manifest of ${manifest.id} names no file ${name}.`);
  return file;
}

const SHIPPED = fileURLToPath(new URL('../../models', import.meta.url));

const hex = (digits: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${digits} lower-case hex digits`);

const source = z.string().transform((text, context): Source => {
  const parsed = parseSource(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

const file = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be a plain lower-case file name'),
    bytes: z.int().positive(),
    sha256: hex(64),
    sources: z.array(source).default([]),
    made: z.strictObject({ by: z.string().min(1), from: z.string().min(1) }).optional(),
  })
  .refine(({ sources, made }) => sources.length > 0 !== (made !== undefined), {
    path: ['sources'],
    message: 'either name sources, or say how the file is made',
  });

const schema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
    title: z.string().min(1),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
    revision: hex(40),
    licence: z.string().regex(/^[A-Za-z0-9.+-]+$/, 'must be an SPDX identifier'),
    languages: z.array(z.string().regex(/^[a-z]{2,3}$/, 'must be an ISO 639 code')).min(1),
    pooling: z.enum(['cls', 'mean']),
    prefixes: z.strictObject({ query: z.string(), passage: z.string() }),
    dimension: z.int().positive(),
    maxTokens: z.int().positive(),
    layers: z.array(z.string().min(1)).default([]),
    byDefault: z.boolean().default(false),
    files: z.array(file).min(1),
  })
  .superRefine(({ files }, context) => {
    const wrong = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path: ['files', ...path], message });
    const names = files.map(({ name }) => name);
    for (const needed of [MODEL_FILE, TOKENIZER_FILE]) {
      if (!names.includes(needed)) wrong([], `must have a ${needed}`);
    }
    files.forEach(({ name, made }, index) => {
      if (names.indexOf(name) !== index) wrong([index, 'name'], `${name} is named twice`);
      const origin = made && files.find((file) => file.name === made.from);
      if (made && (!origin || origin.made)) {
        wrong([index, 'made', 'from'], `"${made.from}" must be a file of this manifest which has sources`);
      }
    });
  });

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new AppError('invalid_argument', `The manifest ${file} is no YAML: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function refusal(file: string, fields: readonly { field: string; message: string }[]): AppError {
  const list = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new AppError('invalid_argument', `The manifest ${file} is not usable: ${list}.`, { fields });
}
