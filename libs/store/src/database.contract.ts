/** What every Database does, whatever is behind it. Run by the spec of each adapter. */
import { codeOf, newId, runInContext, type RequestContext } from '@frontdesk/core';
import type { Database, Transaction } from './database.js';

/** To be opened with these, for a service named `contract`. */
export const contractMigrations: readonly URL[] = [new URL('../test/migrations/', import.meta.url)];

type Work<T> = (tx: Transaction) => Promise<T>;

/** `database` gives the one under test; it is asked for in every test. */
export function databaseContract(database: () => Database): void {
  const as = <T>(tenantId: string, work: Work<T>, context: Partial<RequestContext> = {}): Promise<T> =>
    runInContext({ requestId: newId(), tenantId, ...context }, () => database().transaction(work));
  const put = (tenantId: string, id: string, body = 'text') =>
    as(tenantId, (tx) => tx.query('INSERT INTO notes (id, body) VALUES ($1, $2)', [id, body]));
  const notesOf = (tenantId: string) =>
    as(tenantId, (tx) => tx.query<{ tenant_id: string; id: string }>('SELECT * FROM notes ORDER BY id'));
  const freshTenant = () => `tenant-${newId()}`;

  describe('transactions', () => {
    it('keep what was committed', async () => {
      const tenant = freshTenant();
      expect(
        await as(tenant, (tx) =>
          tx.query('INSERT INTO notes (id, body) VALUES ($1, $2) RETURNING visits', ['a', 'x']),
        ),
      ).toEqual([{ visits: 0 }]);
      expect(await notesOf(tenant)).toEqual([{ tenant_id: tenant, id: 'a', body: 'x', visits: 0 }]);
    });

    it('leave nothing when the work throws, and pass its error on', async () => {
      const tenant = freshTenant();
      const reason = new Error('changed my mind');
      const work = as(tenant, async (tx) => {
        await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
        throw reason;
      });
      await expect(work).rejects.toBe(reason);
      expect(await notesOf(tenant)).toEqual([]);
    });

    it('are lost with a failed statement, even when the work swallows its error', async () => {
      const tenant = freshTenant();
      await put(tenant, 'a');
      const work = as(tenant, async (tx) => {
        await tx.query("INSERT INTO notes (id, body) VALUES ('b', 'x')");
        await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'again')").catch(() => {});
      });
      await expect(work).rejects.toMatchObject({ code: 'already_exists', cause: { code: '23505' } });
      expect((await notesOf(tenant)).map((note) => note.id)).toEqual(['a']);
    });

    it('refuse statements after their end, which would run unbound', async () => {
      const tenant = freshTenant();
      const leaked = await as(tenant, async (tx) => tx);
      await expect(leaked.query('SELECT 1')).rejects.toMatchObject({ code: 'internal' });
    });

    it('take concurrent statements one after the other', async () => {
      const ids = ['a', 'b', 'c', 'd'];
      const tenant = freshTenant();
      await as(tenant, (tx) =>
        Promise.all(ids.map((id) => tx.query('INSERT INTO notes (id, body) VALUES ($1, $1)', [id]))),
      );
      expect((await notesOf(tenant)).map((note) => note.id)).toEqual(ids);
    });

    it('lose no concurrent update', async () => {
      const tenant = freshTenant();
      await put(tenant, 'counter');
      const visit = () =>
        as(tenant, (tx) => tx.query("UPDATE notes SET visits = visits + 1 WHERE id = 'counter'"));
      await Promise.all(Array.from({ length: 50 }, visit));
      expect(await notesOf(tenant)).toMatchObject([{ visits: 50 }]);
    });

    it('hand each locked row to one worker', async () => {
      const tenant = freshTenant();
      const batch = newId();
      await as(tenant, (tx) =>
        tx.query('INSERT INTO jobs (batch) SELECT $1 FROM generate_series(1, 20)', [batch]),
      );
      const claim = () =>
        database().system(async (tx) => {
          const rows = await tx.query<{ id: number }>(
            'SELECT id FROM jobs WHERE batch = $1 AND NOT done ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED',
            [batch],
          );
          const ids = rows.map((row) => row.id);
          await tx.query('UPDATE jobs SET done = true WHERE batch = $1 AND id = ANY($2)', [batch, ids]);
          return ids;
        });
      const claimed = (await Promise.all([claim(), claim(), claim(), claim()])).flat();
      expect(claimed).toHaveLength(new Set(claimed).size);
      while (claimed.length < 20) claimed.push(...(await claim()));
      expect(new Set(claimed).size).toBe(20);
    });
  });

  describe('after the commit', () => {
    it('actions run once, in order, and see the row', async () => {
      const tenant = freshTenant();
      const seen: string[] = [];
      await as(tenant, async (tx) => {
        tx.afterCommit(() => seen.push('first'));
        tx.afterCommit(() => seen.push('second'));
        await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
        expect(seen).toEqual([]);
      });
      expect(seen).toEqual(['first', 'second']);
    });

    it('actions do not run when the work throws, nor when the commit fails', async () => {
      const tenant = freshTenant();
      let ran = 0;
      const thrown = as(tenant, async (tx) => {
        tx.afterCommit(() => ran++);
        throw new Error('no');
      });
      const refused = as(tenant, async (tx) => {
        tx.afterCommit(() => ran++);
        await tx.query('SELECT 1 / 0').catch(() => {});
      });
      await Promise.allSettled([thrown, refused]);
      expect(ran).toBe(0);
    });
  });

  describe('a tenant', () => {
    it('is required', async () => {
      const without = runInContext({ requestId: newId() }, () => database().transaction(async () => 'ran'));
      await expect(without).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('sees, changes and deletes its own rows only, even when no statement filters', async () => {
      const [mine, other] = [freshTenant(), freshTenant()];
      await put(mine, 'a', 'mine');
      await put(other, 'b', 'theirs');
      expect((await notesOf(mine)).map((note) => note.tenant_id)).toEqual([mine]);
      expect(await as(mine, (tx) => tx.query("UPDATE notes SET body = 'x' RETURNING id"))).toEqual([
        { id: 'a' },
      ]);
      expect(await as(mine, (tx) => tx.query('DELETE FROM notes RETURNING id'))).toEqual([{ id: 'a' }]);
      expect(await notesOf(other)).toMatchObject([{ id: 'b', body: 'theirs' }]);
    });

    it('finds a foreign id exactly as it finds an unknown one', async () => {
      const [mine, other] = [freshTenant(), freshTenant()];
      await put(other, 'b');
      const find = (id: string) => as(mine, (tx) => tx.query('SELECT * FROM notes WHERE id = $1', [id]));
      expect(await find('b')).toEqual(await find('unknown'));
    });

    it('cannot write rows of another, nor give its own away', async () => {
      const [mine, other] = [freshTenant(), freshTenant()];
      await put(mine, 'a');
      const insert = as(mine, (tx) =>
        tx.query("INSERT INTO notes (tenant_id, id, body) VALUES ($1, 'planted', 'x')", [other]),
      );
      const give = as(mine, (tx) => tx.query('UPDATE notes SET tenant_id = $1', [other]));
      await expect(insert).rejects.toMatchObject({ code: 'permission_denied' });
      await expect(give).rejects.toMatchObject({ code: 'permission_denied' });
      expect(await notesOf(other)).toEqual([]);
    });

    it('may use an id which another uses', async () => {
      const [mine, other] = [freshTenant(), freshTenant()];
      await put(other, 'same');
      await put(mine, 'same');
      expect(await notesOf(mine)).toHaveLength(1);
    });

    it('never bleeds into another on shared connections', async () => {
      const tenants = Array.from({ length: 20 }, freshTenant);
      const turn = (i: number): Promise<boolean> => {
        const tenant = tenants[i % tenants.length]!;
        return as(tenant, async (tx) => {
          await tx.query('INSERT INTO notes (id, body) VALUES ($1, $2)', [`n${i}`, tenant]);
          // Some give up half-way, which must leave no trace on the connection.
          if (i % 7 === 0) throw new Error('gave up');
          const rows = await tx.query<{ tenant_id: string; body: string }>(
            'SELECT tenant_id, body FROM notes',
          );
          return rows.every((row) => row.tenant_id === tenant && row.body === tenant) && rows.length > 0;
        }).catch((error: Error) => {
          if (error.message !== 'gave up') throw error;
          return true;
        });
      };
      // Many more at once than there are connections, and yet no more than a busy machine serves in time.
      for (let first = 0; first < 500; first += 50) {
        const seen = await Promise.all(Array.from({ length: 50 }, (_, i) => turn(first + i)));
        expect(seen.every(Boolean)).toBe(true);
      }
      const kept = await Promise.all(tenants.map(async (tenant) => (await notesOf(tenant)).length));
      expect(kept.reduce((a, b) => a + b)).toBe(500 - Math.ceil(500 / 7));
    });

    it('is only a value, whatever it is called', async () => {
      const tenant = `x'; RESET ROLE; SELECT '\\' -- ${newId()}`;
      await put(tenant, 'a');
      expect(await notesOf(tenant)).toMatchObject([{ tenant_id: tenant }]);
      expect(await as(tenant, (tx) => tx.query('SELECT current_user AS role'))).toEqual([
        { role: 'frontdesk_app' },
      ]);
    });

    it('whose name cannot be stored exactly is refused', async () => {
      for (const tenant of ['a\0b', 'a\ud800']) {
        await expect(as(tenant, async () => 'ran')).rejects.toMatchObject({ code: 'invalid_argument' });
      }
    });
  });

  describe('system()', () => {
    it('sees all tenants of a table which grants it, and knows no tenant', async () => {
      const [one, other] = [freshTenant(), freshTenant()];
      const batch = newId();
      for (const tenant of [one, other]) {
        await as(tenant, (tx) => tx.query('INSERT INTO jobs (batch) VALUES ($1)', [batch]));
      }
      const rows = await database().system(async (tx) => {
        expect(tx.tenantId).toBeUndefined();
        return tx.query<{ tenant_id: string }>('SELECT tenant_id FROM jobs WHERE batch = $1', [batch]);
      });
      expect(rows.map((row) => row.tenant_id).sort()).toEqual([one, other].sort());
    });

    it('is refused by a table which does not, within a request of a tenant too', async () => {
      const tenant = freshTenant();
      await put(tenant, 'a');
      const read = () => database().system((tx) => tx.query('SELECT * FROM notes'));
      await expect(read()).rejects.toMatchObject({ code: 'permission_denied' });
      const inRequest = runInContext({ requestId: newId(), tenantId: tenant }, read);
      await expect(inRequest).rejects.toMatchObject({ code: 'permission_denied' });
    });

    it('alone sees a table without tenants', async () => {
      const hash = newId();
      await database().system((tx) => tx.query("INSERT INTO credentials VALUES ($1, 'x')", [hash]));
      const find = (tx: Transaction) => tx.query('SELECT owner FROM credentials WHERE hash = $1', [hash]);
      expect(await database().system(find)).toEqual([{ owner: 'x' }]);
      await expect(as(freshTenant(), find)).rejects.toMatchObject({ code: 'permission_denied' });
    });

    it('writes no row without naming its tenant', async () => {
      const insert = database().system((tx) => tx.query("INSERT INTO jobs (batch) VALUES ('b')"));
      await expect(insert).rejects.toMatchObject({ cause: { code: '23502' } });
    });
  });

  describe('values', () => {
    it('are inert, whatever they say', async () => {
      const tenant = freshTenant();
      const hostile = `'; DROP TABLE notes; --`;
      await put(tenant, 'a', hostile);
      expect(await as(tenant, (tx) => tx.query('SELECT body FROM notes WHERE body = $1', [hostile]))).toEqual(
        [{ body: hostile }],
      );
    });

    it('never make two statements of one', async () => {
      const tenant = freshTenant();
      await put(tenant, 'a');
      const two = as(tenant, (tx) => tx.query('SELECT 1; DELETE FROM notes'));
      await expect(two).rejects.toThrow();
      expect(await notesOf(tenant)).toHaveLength(1);
    });

    it('which cannot be stored are an invalid argument', async () => {
      const tenant = freshTenant();
      await expect(put(tenant, 'nul', 'a\0b')).rejects.toMatchObject({ code: 'invalid_argument' });
      const notANumber = as(tenant, (tx) => tx.query('UPDATE notes SET visits = $1', ['many']));
      await expect(notANumber).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    it('keep every character, and large texts', async () => {
      const tenant = freshTenant();
      const body = '退货政策 📦 «naïve» \u200b\t\n'.repeat(20_000);
      await put(tenant, 'a', body);
      expect(await notesOf(tenant)).toMatchObject([{ body }]);
    });

    it('come back as numbers, booleans, dates and objects', async () => {
      const [row] = await as(freshTenant(), (tx) =>
        tx.query(`SELECT 9007199254740991::bigint AS long, count(*) AS count, true AS yes, '{"a": [1]}'::jsonb AS json,
          '2026-11-05T10:00:00Z'::timestamptz AS at, ARRAY['a', 'b'] AS list, NULL AS nothing FROM notes`),
      );
      expect(row).toEqual({
        long: 9007199254740991,
        count: 0,
        yes: true,
        json: { a: [1] },
        at: new Date('2026-11-05T10:00:00Z'),
        list: ['a', 'b'],
        nothing: null,
      });
    });
  });

  describe('a deadline', () => {
    const soon = () => ({ deadline: Date.now() + 300 });

    it('that has passed refuses the transaction', async () => {
      let ran = false;
      const late = as(freshTenant(), async () => (ran = true), { deadline: Date.now() - 1 });
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      expect(ran).toBe(false);
    });

    it('ends a slow statement and leaves nothing behind', async () => {
      const tenant = freshTenant();
      const slow = as(
        tenant,
        async (tx) => {
          await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
          await tx.query('SELECT pg_sleep(2)');
        },
        soon(),
      );
      await expect(slow).rejects.toMatchObject({ code: 'deadline_exceeded' });
      expect(await notesOf(tenant)).toEqual([]);
    });

    it('ends a transaction whose work hangs elsewhere, and frees what it held', async () => {
      const tenant = freshTenant();
      const hanging = as(
        tenant,
        async (tx) => {
          await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
          await new Promise(() => {});
        },
        soon(),
      );
      await expect(hanging).rejects.toMatchObject({ code: 'deadline_exceeded' });
      await put(tenant, 'a');
      expect(await notesOf(tenant)).toHaveLength(1);
    });

    it('ends a transaction that waits for itself: one within another, for the same row', async () => {
      const tenant = freshTenant();
      await put(tenant, 'a');
      const visit = (tx: Transaction) => tx.query("UPDATE notes SET visits = visits + 1 WHERE id = 'a'");
      const nested = as(
        tenant,
        async (tx) => {
          await visit(tx);
          await database().transaction(visit);
        },
        soon(),
      );
      expect(codeOf(await nested.catch((error: unknown) => error))).toBe('deadline_exceeded');
      expect(await notesOf(tenant)).toMatchObject([{ visits: 0 }]);
    });
  });

  it('answers a ping', async () => {
    await expect(database().ping()).resolves.toBeUndefined();
  });
}
