/** One list of behaviour on both databases: the embedded one, and PostgreSQL where it runs. */
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export function onEveryDatabase(
  name: string,
  behaviour: (openDatabase: () => Promise<TestDatabase>) => void,
): void {
  const embedded = () => Promise.resolve({ url: 'pglite:memory', drop: () => Promise.resolve() });
  describe(`${name} on the embedded database`, () => behaviour(embedded));
  describeWith('postgres', `${name} on PostgreSQL`, () => behaviour(freshDatabase));
}
