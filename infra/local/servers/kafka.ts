/**
 * Apache Kafka as a process of its own: one node which is broker and controller (KRaft), from the
 * Maven jars, loopback only. Missing topics are created on first use with three partitions.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, launch, type RunningServer } from './process.ts';
import { capture, commandFrom, perform } from './tools.ts';
import { installedIn } from './places.ts';

const POM = join(import.meta.dirname, 'kafka', 'pom.xml');
const HEAP = ['-Xms128m', '-Xmx384m'];
const LOGGING = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';

/** Starts Kafka on 127.0.0.1:`port` with its log in `dir`; the topics of an earlier start are kept. */
export async function startKafka(dir: string, port: number): Promise<RunningServer> {
  const java = await commandFrom('default-jre-headless', 'java');
  requireJava17(java);
  const classPath = join(await kafkaJars(), '*');
  mkdirSync(dir, { recursive: true });
  const properties = join(dir, 'server.properties');
  const data = join(dir, 'data');
  writeFileSync(properties, serverProperties(data, port, await freePort()));
  if (!existsSync(join(data, 'meta.properties'))) {
    const clusterId = randomBytes(16).toString('base64url');
    await perform(java, [
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      properties,
    ]);
  }
  return launch({
    name: 'kafka',
    dir,
    url: `127.0.0.1:${port}`,
    command: java,
    args: [...HEAP, LOGGING, '-cp', classPath, 'kafka.Kafka', properties],
    stopSignal: 'SIGTERM',
    answers: () => describeCluster(`127.0.0.1:${port}`),
  });
}

/** The folder of the broker's jars, fetched by Maven on the first call and again when the pom changes. */
async function kafkaJars(): Promise<string> {
  const jars = join(installedIn(), 'kafka');
  const stamp = join(jars, 'pom.xml');
  const pom = readFileSync(POM, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pom) return jars;

  const maven = await commandFrom('maven', 'mvn');
  console.log('Fetching the jars of Apache Kafka (Maven) …');
  const fetched = `${jars}.new`;
  rmSync(fetched, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fetched}`];
  await perform(maven, ['-q', '-B', '-f', POM, ...goal]);
  writeFileSync(join(fetched, 'pom.xml'), pom);
  rmSync(jars, { recursive: true, force: true });
  renameSync(fetched, jars);
  return jars;
}

function requireJava17(java: string): void {
  // `java -version` speaks on stderr, `--version` (Java 9 and newer) on stdout.
  const major = Number(/(\d+)/.exec(capture(java, ['--version']) ?? '')?.[1] ?? 8);
  if (major < 17) throw new Error(`Java 17 or newer is needed, version ${major} found. Install a newer Java`);
}

function serverProperties(data: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    // A broker which was killed is let in again only when its old session has ended.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    'num.partitions': 3,
    'auto.create.topics.enable': true,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Rejects until the broker has joined its own cluster. */
export async function describeCluster(broker: string): Promise<void> {
  const kafka = new Kafka({
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length === 0) throw new Error('no broker has joined yet');
  } finally {
    await admin.disconnect();
  }
}
