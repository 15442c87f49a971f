/** What stands between the web server and the controllers, in the order in which a request meets it. */
import cors from '@fastify/cors';
import type { INestApplication } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { Entry } from './entry.js';
import { Faults } from './faults.js';
import { leaveInPeace } from './leave-in-peace.js';
import { ProblemFilter } from './problem.filter.js';
import { acceptUpgrades } from './upgrade.js';
import type { WebServer } from './web-server.js';

/** What scripts of other origins may read of an answer. */
const exposedHeaders = [
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Traceparent',
  'X-Conversation-Id',
  'X-Request-Id',
];

export async function mountWeb(app: INestApplication, config: GatewayConfig): Promise<void> {
  const server = app.getHttpAdapter() as unknown as WebServer;
  const web = server.getInstance();
  const entry = app.get(Entry);
  const faults = app.get(Faults);

  server.onFault = (told) => faults.report(told);
  app.useGlobalFilters(new ProblemFilter(server));
  entry.mountArrival(web);
  if (config.CORS_ORIGINS.length > 0) {
    await web.register(cors, {
      origin: config.CORS_ORIGINS.includes('*') ? '*' : config.CORS_ORIGINS,
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      exposedHeaders,
      maxAge: 600,
    });
  }
  entry.mountSteps(web);
  acceptUpgrades(web);
  leaveInPeace(web, config.SHUTDOWN_GRACE_MS);
}
