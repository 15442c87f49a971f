/** Which licences of weights this installation accepts: decided once, asked before fetching, importing and loading. */
import { AppError } from '@frontdesk/core';

/** SPDX identifiers of licences that allow commercial use, changes and passing on, and ask for no more than a notice. */
export const PERMISSIVE_LICENCES: readonly string[] = [
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
];

/** Throws `failed_precondition`, with a way out, for a model whose licence is not among `accepted`. */
export function requireLicence(
  { id, licence }: { readonly id: string; readonly licence: string },
  accepted: readonly string[],
): void {
  if (accepted.includes(licence)) return;
  throw new AppError(
    'failed_precondition',
    `${id} is refused: its licence, ${licence}, is not accepted here. Read it, and where it allows your use, ` +
      `set MODELS_LICENCES=${[...accepted, licence].join(',')}`,
  );
}
