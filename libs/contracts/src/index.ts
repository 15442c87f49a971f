export { conversationTopic, handoffTopic, tenantTopic, topics } from './topics.js';
export type { Topic } from './topics.js';
