export { dialogue } from './dialogue.service.js';
