import { describeWith, freshDatabase, type FreshDatabase } from '@frontdesk/testing/servers';
import { openTestDatabase } from '../test/fixtures.js';
import { outboxContract } from './outbox.contract.js';

describe('outbox on PGlite', () => {
  outboxContract(() => openTestDatabase('pglite:memory'));
});

describeWith('postgres', 'outbox on PostgreSQL', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  outboxContract(() => openTestDatabase(fresh.url));
});
