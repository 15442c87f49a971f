/** Order numbers: one letter and four to six digits (A1001), or whatever follows the words "order number". */
import { entitiesOf, type Entity, type Utterance } from './entity.js';
import { parseNumber } from './chinese-number.js';

const SHORT = /(?<![a-z0-9_-])[a-z]-?\d{4,6}(?![a-z0-9_]|-[a-z0-9]|\.\d)/g;
const LABELLED =
  /(?:订单(?:编?号码?)?|单号|order(?: ?(?:number|no\.?|id|#))?)[\s:#是为]{0,3}(?:is )?(?<value>[a-z]{0,4}-?(?:\d{3,6}(?:[ -]\d{3,6}){1,4}|\d{5,20})|[〇零一二三四五六七八九]{6,20})(?![a-z0-9_-])/g;

export function findOrderNumbers(utterance: Utterance): Entity[] {
  const normalise = ([match, value = match]: RegExpExecArray) =>
    value
      .replace(/[〇零一二三四五六七八九]/g, (numeral) => String(parseNumber(numeral)))
      .replace(/[ -]/g, '')
      .toUpperCase();
  const labelled = entitiesOf('order_number', utterance, LABELLED, normalise);
  return [...entitiesOf('order_number', utterance, SHORT, normalise), ...labelled];
}
