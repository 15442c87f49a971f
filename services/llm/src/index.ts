export { llm } from './llm.service.js';
