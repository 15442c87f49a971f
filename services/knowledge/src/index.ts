export { knowledge } from './knowledge.service.js';
