export { gateway } from './gateway.service.js';
