import { contractMigrations, databaseContract } from './database.contract.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';

describe('PGlite', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({
      url: 'pglite:memory',
      service: 'contract',
      migrations: contractMigrations,
    });
  });
  afterAll(() => database.close());

  databaseContract(() => database);
});
