/**
 * The main function of every process of the mesh: `await serve([dialogue])`. Reads the environment, starts, and
 * leaves on SIGTERM or SIGINT with nothing in hand.
 */
import { parseArgs } from 'node:util';
import { ConfigProblem, describeConfig, environment, type ConfigLine } from './config.js';
import { ownerOf, type Service } from './define-service.js';
import { addressVariable, MeshProcess, readMeshConfig } from './mesh-process.js';
import { ProcessConfig } from './process-config.js';

const usage = `Options:
  --print-config  print every variable with its value (secrets hidden) and meaning, and exit
  --check         check the configuration and exit: 0 usable, 1 not
  --help          print this and exit`;

export async function serve(services: readonly Service[]): Promise<void> {
  const name = services.map((service) => service.name).join(', ');
  try {
    const { values } = parseArgs({
      options: { 'print-config': { type: 'boolean' }, check: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) return say(`Serves ${name}. Configured by environment variables.\n\n${usage}`);
    if (values['print-config']) return say(printConfig(services));
    if (values.check) {
      readMeshConfig(services, environment);
      return say(`The configuration of ${name} is usable.`);
    }
    await run(services);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

async function run(services: readonly Service[]): Promise<void> {
  const mesh = await MeshProcess.start(services, { environment });
  const leave = (signal: NodeJS.Signals): void => {
    mesh.log.info('Stopping', { signal });
    mesh.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        mesh.log.error('Could not stop cleanly', { error });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  // One handler's mistake must not end the conversations of the others.
  process.on('unhandledRejection', (error) => mesh.log.error('A rejection was not handled', { error }));
  process.on('uncaughtException', (error) => mesh.log.error('An exception was not caught', { error }));
}

function printConfig(services: readonly Service[]): string {
  const config = readMeshConfig(services, environment);
  const remote = new Set(services.flatMap((service) => service.calls.map(ownerOf)));
  for (const service of services) remote.delete(service.name);
  const addresses: ConfigLine[] = [...remote].map((owner) => ({
    key: addressVariable(owner),
    value: environment[addressVariable(owner)] ?? `${owner}:9090`,
    meaning: `Where ${owner} listens (host:port, or any gRPC target).`,
    secret: false,
  }));
  return [
    ['process', [...describeConfig(ProcessConfig, config.process), ...addresses]] as const,
    ...[...config.services].map(
      ([service, values]) => [service.name, describeConfig(service.config, values)] as const,
    ),
  ]
    .map(
      ([title, lines]) =>
        `# ${title}\n${lines.map((line) => `${line.key}=${line.value}\n    ${line.meaning}`).join('\n')}`,
    )
    .join('\n\n');
}

/** What a person at a terminal can act on; a stack only where we are at a loss. */
function explain(error: unknown): string {
  if (error instanceof ConfigProblem) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is in use by another program: stop that one, or choose another by PORT, GRPC_PORT or ADMIN_PORT.`;
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return `${error.message}\n\n${usage}`;
  if (error instanceof Error && error.name === 'AppError') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
