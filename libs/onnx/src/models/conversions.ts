/**
 * How a file is made from another one, under the name a manifest calls it by (`made.by`). A conversion is pure and
 * deterministic: the manifest holds the size and the SHA-256 of what comes out, and nothing else is accepted.
 */
import { convertE5Q4 } from '../conversion/convert-e5-q4.js';

export type Conversion = (input: Uint8Array) => Uint8Array;

export const conversions: Readonly<Record<string, Conversion>> = { 'e5-q4': convertE5Q4 };
