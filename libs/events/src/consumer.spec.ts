import { describeWith, freshDatabase, type FreshDatabase } from '@frontdesk/testing/servers';
import { openTestDatabase } from '../test/fixtures.js';
import { consumerContract } from './consumer.contract.js';

describe('consumers on PGlite', () => {
  consumerContract(() => openTestDatabase('pglite:memory'));
});

describeWith('postgres', 'consumers on PostgreSQL', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  consumerContract(() => openTestDatabase(fresh.url));
});
