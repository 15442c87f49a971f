/** Stock keeping units: two groups of letters, a number, perhaps a variant: LM-KB-201, LM-KB-201-BK. */
import { entitiesOf, type Entity, type Utterance } from './entity.js';

const SKU = /(?<![a-z0-9_-])[a-z]{2,4}-[a-z]{2,4}-\d{2,5}(?:-[a-z0-9]{1,5})?(?![a-z0-9_-])/g;

export function findSkus(utterance: Utterance): Entity[] {
  return entitiesOf('sku', utterance, SKU, ([match]) => match.toUpperCase());
}
