/** Numbers of parcels: the common carriers' forms, UPU S10 (RR123456789CN), or what follows "tracking number". */
import { entitiesOf, type Entity, type Utterance } from './entity.js';

const CARRIER =
  /(?<![a-z0-9])(?:sf\d{12,15}|yt\d{13,15}|jd[a-z]{0,2}\d{10,15}|jt\d{13}|1z[a-z0-9]{16}|[a-z]{2}\d{9}[a-z]{2})(?![a-z0-9])/g;
const LABELLED =
  /(?:运单号?|快递单?号|物流单?号|tracking (?:number|no\.?|id|code))[\s:#是为]{0,3}(?:is )?(?<value>[a-z]{0,4}\d{8,20})(?![a-z0-9])/g;

export function findTrackingNumbers(utterance: Utterance): Entity[] {
  const normalise = ([match, value = match]: RegExpExecArray) => value.toUpperCase();
  const labelled = entitiesOf('tracking_number', utterance, LABELLED, normalise);
  return [...labelled, ...entitiesOf('tracking_number', utterance, CARRIER, normalise)];
}
