/** What personal data is found as. */

export type PiiType =
  | 'phone'
  | 'email'
  | 'id_number'
  | 'bank_card'
  | 'iban'
  | 'ssn'
  | 'passport'
  | 'driver_license'
  | 'plate'
  | 'ip_address'
  | 'messenger'
  | 'person'
  | 'address';

export interface PiiSpan {
  readonly type: PiiType;
  /** UTF-16 offsets: `text.slice(start, end)` is what was written. */
  readonly start: number;
  readonly end: number;
  /** The normal form: ASCII digits without separators (a leading `+` kept), a mail address in lower case, a name as is. */
  readonly value: string;
}

/** A span of the plain text. */
export interface FoundCode {
  readonly type: PiiType;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}
