/**
 * A service is a value: its module, config, what it serves, calls, publishes and subscribes to. The first file a
 * newcomer opens, what `make graph` draws, and what the chart's network policy is held against.
 */
import type { DescService } from '@bufbuild/protobuf';
import type { INestApplication, Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Topic } from '@frontdesk/contracts';
import type { ConfigClass } from './config.js';

export interface HttpEdge<Values extends object> {
  /** The web server, before the module is mounted on it. */
  adapter(config: Values): AbstractHttpAdapter;
  /** Hooks, parsers and files, after the module is mounted and before it listens. */
  configure(app: INestApplication, config: Values): Promise<void>;
  port(config: Values): number;
}

export interface Service<Values extends object = object> {
  /** Also the name of its database schema, and of its package `frontdesk.<name>.v1`. */
  readonly name: string;
  readonly module: Type;
  readonly config: ConfigClass<Values>;
  readonly serves: readonly DescService[];
  readonly calls: readonly DescService[];
  readonly publishes: readonly Topic[];
  readonly subscribes: readonly Topic[];
  /** Folder of `NNN-name.sql`; absent: the service keeps nothing. */
  readonly migrations?: URL;
  /** Present on the mesh's edge: callers are strangers, so the context they send is not trusted. */
  readonly http?: HttpEdge<Values>;
}

/** Checks a service's own claims and gives it back. */
export function defineService<Values extends object>(service: Service<Values>): Service<Values> {
  for (const topic of service.publishes) {
    if (topic.publisher !== service.name)
      throw new Error(
        `${service.name} publishes ${topic.name}, but topics.ts gives it to ${topic.publisher}`,
      );
  }
  for (const topic of service.subscribes) {
    if (!topic.subscribers.includes(service.name))
      throw new Error(`${service.name} subscribes to ${topic.name}, but topics.ts does not list it`);
  }
  if (!service.migrations && service.publishes.length + service.subscribes.length > 0) {
    throw new Error(
      `${service.name} publishes or subscribes, so it needs migrations: outbox and inbox live in its schema`,
    );
  }
  return service;
}

/** `frontdesk.nlu.v1.NluService` → `nlu`. */
export function ownerOf(contract: DescService): string {
  const [, owner] = contract.typeName.split('.');
  if (!owner) throw new Error(`${contract.typeName} does not follow frontdesk.<service>.v1`);
  return owner;
}

/** Callees before callers. Throws when the calls form a cycle, which no mesh of ours may have. */
export function inCallOrder(services: readonly Service[]): Service[] {
  const ordered: Service[] = [];
  const visiting = new Set<string>();
  const visit = (service: Service): void => {
    if (ordered.includes(service)) return;
    if (visiting.has(service.name)) throw new Error(`The calls form a cycle through ${service.name}`);
    visiting.add(service.name);
    for (const contract of service.calls) {
      const callee = services.find((candidate) => candidate.name === ownerOf(contract));
      if (callee) visit(callee);
    }
    visiting.delete(service.name);
    ordered.push(service);
  };
  services.forEach(visit);
  return ordered;
}
