import { describeWithModels } from '@frontdesk/testing/models';
import { productsOf } from '../src/models/manifest.js';

describeWithModels(
  ['bge-small-zh-v1.5', 'bge-small-en-v1.5'],
  'the models pulled by default',
  (store, manifests) => {
    it('are, byte for byte, what their manifests say', async () => {
      for (const manifest of manifests) {
        for (const { name, bytes } of productsOf(manifest)) {
          expect(await store.read(manifest, name)).toHaveLength(bytes);
        }
      }
    });
  },
);
