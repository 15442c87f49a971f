// A dialogue that answers at once, over gRPC.
import { GrpcHost } from '@frontdesk/rpc';
import { announce } from '../measure.ts';
import { instantDialogue } from './gateway.ts';

const host = new GrpcHost();
host.serve(instantDialogue);
const port = await host.listen('127.0.0.1:0');
announce({ url: `127.0.0.1:${port}` }, () => host.drain(0));
