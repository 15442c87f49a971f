/** How every session of onnxruntime is opened; only threads of their own do it. */
import { InferenceSession } from 'onnxruntime-node';

export function openSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Threads that spin while they wait would take the cores of those who work.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}
