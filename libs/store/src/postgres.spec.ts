import { describeWith, freshDatabase, type FreshDatabase } from '@frontdesk/testing/servers';
import { contractMigrations, databaseContract } from './database.contract.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';

describeWith('postgres', 'PostgreSQL', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await openDatabase({
      url: fresh.url,
      service: 'contract',
      migrations: contractMigrations,
      poolSize: 3,
    });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  databaseContract(() => database);
});
