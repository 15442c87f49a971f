/** The mesh as a picture, drawn from what the service values say: who calls whom, and which facts go where. */
import { ownerOf, type Service } from '@frontdesk/runtime';

/** A Mermaid flowchart. Solid arrows are calls (gRPC), dotted ones are events (Kafka). */
export function drawMesh(services: readonly Service[]): string {
  const lines = ['flowchart LR', '  customer([customer])', '  agent([agent])'];
  for (const { name, http } of services) lines.push(http ? `  ${name}{{${name}}}` : `  ${name}[${name}]`);
  for (const { name, http } of services) {
    if (http)
      lines.push(
        `  customer -- REST · SSE · WebSocket · gRPC --> ${name}`,
        `  agent -- REST · SSE --> ${name}`,
      );
  }
  for (const { name, calls } of services) {
    for (const callee of new Set(calls.map(ownerOf))) lines.push(`  ${name} --> ${callee}`);
  }
  for (const { name, publishes } of services) {
    for (const topic of publishes) {
      const subscribers = services
        .filter((service) => service.subscribes.includes(topic))
        .map((service) => service.name);
      if (subscribers.length > 0) lines.push(`  ${name} -. ${topic.name} .-> ${subscribers.join(' & ')}`);
    }
  }
  return lines.join('\n');
}
