export { drawMesh } from './draw-mesh.js';
export { mesh } from './mesh.js';
