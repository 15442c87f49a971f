export { handoff } from './handoff.service.js';
