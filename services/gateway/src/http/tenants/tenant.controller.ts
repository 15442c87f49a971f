/** Tenants, for whoever runs the installation. */
import { Body, Controller, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Tenants } from '../../access/tenants.js';
import { Route } from '../route.js';
import { cursor, limit, line, nextCursor, page, time } from '../schemas.js';

const tag = 'Tenants';
const allow = ['platform'] as const;

const newTenant = z.strictObject({ name: line(200) });
const createdTenant = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    keys: z
      .strictObject({ channel: z.string(), agent: z.string(), admin: z.string() })
      .describe('Shown once, here.'),
  })
  .meta({ id: 'NewTenant' });
const listQuery = z.strictObject({ limit: limit(200), cursor });
const tenantList = z.strictObject({
  tenants: z.array(z.strictObject({ id: z.string(), name: z.string(), createdAt: time })),
  nextCursor,
});
const perMinute = z.int().min(1).max(100_000_000).nullable();
const limits = z
  .strictObject({
    requestsPerMinute: perMinute.describe('Null: as configured for the installation.'),
    perCustomerPerMinute: perMinute.describe('Null: as configured for the installation.'),
    llmTokensPerDay: z
      .int()
      .min(0)
      .nullable()
      .describe('Kept for the language models; nothing counts against it yet.'),
  })
  .meta({ id: 'Limits' });
const newLimits = limits.partial();

@Controller()
export class TenantController {
  constructor(private readonly tenants: Tenants) {}

  @Route('POST', '/v1/tenants', {
    tag,
    summary: 'Make a tenant with its first keys.',
    allow,
    body: newTenant,
    answer: createdTenant,
    status: 201,
  })
  async create(@Body() { name }: z.output<typeof newTenant>): Promise<z.input<typeof createdTenant>> {
    const { tenant, keys } = await this.tenants.create(name);
    return { id: tenant.id, name: tenant.name, keys };
  }

  @Route('GET', '/v1/tenants', {
    tag,
    summary: 'List the tenants.',
    allow,
    query: listQuery,
    answer: tenantList,
  })
  async list(@Query() query: z.output<typeof listQuery>): Promise<z.input<typeof tenantList>> {
    const { limit = 50, cursor = '' } = query;
    const { items, nextCursor } = page(await this.tenants.list(cursor, limit + 1), limit);
    const tenants = items.map(({ id, name, createdAt }) => ({
      id,
      name,
      createdAt: createdAt.toISOString(),
    }));
    return { tenants, nextCursor };
  }

  @Route('DELETE', '/v1/tenants/:id', {
    tag,
    summary: 'Erase a tenant: its keys end now, its data everywhere soon after.',
    allow,
  })
  async erase(@Param('id') id: string): Promise<void> {
    await this.tenants.erase(id);
  }

  @Route('GET', '/v1/tenants/:id/limits', {
    tag,
    summary: 'Read what a tenant may use.',
    allow,
    answer: limits,
  })
  async limits(@Param('id') id: string): Promise<z.input<typeof limits>> {
    return this.tenants.limits(id);
  }

  @Route('PUT', '/v1/tenants/:id/limits', {
    tag,
    summary: 'Set what a tenant may use; what is absent goes back to the configured value.',
    allow,
    body: newLimits,
    answer: limits,
  })
  async setLimits(
    @Param('id') id: string,
    @Body() body: z.output<typeof newLimits>,
  ): Promise<z.input<typeof limits>> {
    const { requestsPerMinute = null, perCustomerPerMinute = null, llmTokensPerDay = null } = body;
    return this.tenants.setLimits(id, { requestsPerMinute, perCustomerPerMinute, llmTokensPerDay });
  }
}
