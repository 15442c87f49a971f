/** `make graph`: draws the mesh, and keeps the picture of the READMEs as the services say. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawMesh } from './draw-mesh.js';
import { mesh } from './mesh.js';

const picture = /(<!-- mesh -->\n```mermaid\n)[\s\S]*?(\n```)/;

const drawing = drawMesh(mesh);
for (const name of ['README.md', 'README.zh-CN.md']) {
  const path = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
  const before = readFileSync(path, 'utf8');
  if (!picture.test(before))
    throw new Error(`${name} has no place for the picture: a mermaid block after <!-- mesh -->`);
  const after = before.replace(picture, (_, head: string, tail: string) => `${head}${drawing}${tail}`);
  if (after !== before) writeFileSync(path, after);
}
process.stdout.write(`${drawing}\n`);
