export { nlu } from './nlu.service.js';
