/** Every call of the mesh, in seconds by outcome; failures of our own are logged with what caused them. */
import type { RpcObserver } from '@frontdesk/rpc';
import type { Log } from './log.js';
import { metrics } from './metrics.js';

const rpc = metrics('rpc', (m) => ({
  seconds: m.histogram('call_seconds', 'Duration of calls between services.', [
    'side',
    'service',
    'method',
    'code',
  ]),
}));

export function observeCalls(log: Log): RpcObserver {
  return {
    finished({ side, service, method, code, seconds, error }) {
      rpc.seconds.observe({ side, service, method, code }, seconds);
      if (side === 'server' && (code === 'internal' || code === 'unknown' || code === 'data_loss')) {
        log.error('A call failed', { method: `${service}/${method}`, code, error: error?.cause ?? error });
      }
    },
  };
}
