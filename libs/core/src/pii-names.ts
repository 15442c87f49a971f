/**
 * Names of people, where the text says that one comes: 我叫…, 收货人…, 王先生, "my name is …", "Mr. …", or an English
 * given name with a family name. A name without such a sign is not found: the words of a language are names as well.
 */
import { ENGLISH_GIVEN_NAMES, FREQUENT_SURNAMES, NOT_NAMES, SURNAMES } from './name-lists.js';
import type { FoundCode } from './pii-span.js';
import type { PlainText } from './plain-text.js';

export function findNames({ cased, folded }: PlainText): FoundCode[] {
  const found = /[一-龥]/.test(cased) ? findChineseNames(cased) : [];
  return /[A-Z]/.test(cased) || ENGLISH_SIGN.test(folded) ? [...found, ...findEnglishNames(cased)] : found;
}

/** Words after which a name follows; the weaker ones are followed by other things as well. */
const STRONG_SIGN =
  /(?:姓名|收[货件]人|寄件人|联系人|户名|持卡人|开户人|开户名|乘客|入住人|机主|车主|法人|经办人|名字|本人|我叫|名叫|他叫|她叫|叫做)(?:\s|[:：,，]|是|为|叫|改成|换成|改为|写的?){0,4}/g;
const WEAK_SIGN = /(?:我是|我|这是|我们是|我姓)(?=[一-龥]{2,4}(?:$|[^一-龥]|的))/g;
/** After a weak sign a name stands alone, or right before what belongs to a person. */
const PERSONAL_NEXT = /^[\s,，、:：]{1,2}(?:身份证|电话|手机|银行卡|卡号|联系|住|护照|邮箱|地址|微信)/;
const TITLED = /([一-龥]{1,4})(?:先生|女士|小姐|太太)(?!姐)/g;
const GIVEN_END =
  /^(?:$|[^一-龥]|[的和与及跟或电手住地收身先女小在这那请帮我你您他她是要想有没给把被已了吗呢啊吧呀])/;

function findChineseNames(cased: string): FoundCode[] {
  const found: FoundCode[] = [];
  const add = (start: number, name: string | undefined) => {
    if (name) found.push({ type: 'person', value: name, start, end: start + name.length });
  };
  for (const { 0: sign, index } of cased.matchAll(STRONG_SIGN)) {
    const start = index + sign.length;
    add(start, chineseNameAt(cased, start));
  }
  for (const { 0: sign, index } of cased.matchAll(WEAK_SIGN)) {
    const start = index + sign.length;
    const name = chineseNameAt(cased, start);
    if (!name) continue;
    const next = cased.slice(start + name.length, start + name.length + 8);
    if (PERSONAL_NEXT.test(next) || (sign !== '我' && /^(?:$|[\s,，.。!！])/.test(next) && name.length > 2)) {
      add(start, name);
    }
  }
  for (const { 1: before, index } of cased.matchAll(TITLED)) {
    const name = lastName(before!);
    add(index + before!.length - name.length, name);
  }
  return found;
}

/** A surname and one or two more characters, the longer one where both could end there. */
function chineseNameAt(cased: string, start: number): string | undefined {
  const surname = surnameAt(cased, start);
  if (!surname) return undefined;
  for (const given of [2, 1]) {
    const end = start + surname.length + given;
    const name = cased.slice(start, end);
    if (isChineseName(name) && GIVEN_END.test(cased.slice(end, end + 1))) return name;
  }
  return undefined;
}

function isChineseName(name: string): boolean {
  const surname = surnameAt(name, 0);
  const given = name.length - (surname?.length ?? 0);
  return (
    surname !== undefined &&
    given >= 0 &&
    given <= 2 &&
    /^[一-龥]+$/.test(name) &&
    !NOT_NAMES.has(name.slice(0, 2))
  );
}

/** The end of a run of characters that reads as a name: 收件人是王小明(先生) → 王小明; a surname alone will do. */
function lastName(run: string): string {
  const fits = (name: string) =>
    FREQUENT_SURNAMES.has(name[0]!) && isChineseName(name) && !/[的那这位姓]/.test(name);
  if (fits(run) && run.length > 1) return run;
  return (
    [run.slice(-3), run.slice(-2), run.slice(-1)].find((name) => fits(name) && !/^(.)\1/.test(name)) ?? ''
  );
}

function surnameAt(text: string, start: number): string | undefined {
  const two = text.slice(start, start + 2);
  if (SURNAMES.has(two) && two.length === 2) return two;
  return SURNAMES.has(two[0] ?? '') ? two[0] : undefined;
}

const ENGLISH_SIGN = /my (?:full )?name|(?<![a-z])(?:mr|mrs|ms|dr|name)(?![a-z])/;
const PART = String.raw`\p{Lu}[\p{L}\p{M}'’-]{0,24}`;
const INITIAL = String.raw`\p{Lu}\.`;
const FULL_NAME = `${PART}(?:[ ]+(?:(?:de|da|van|von|der|bin|al|la|le|del|di) ){0,2}(?:${INITIAL}|${PART})){0,3}`;
/** What is followed by a name and nothing else; what is followed by one more often than not. */
const SURE_SIGN = String.raw`[Mm]y (?:full |first |last )?name(?:'s| is|:)|[Nn]ame(?:d|:| is|\?(?: (?:User|Customer|Me):)?)|(?:partner|wife|husband|mother|father|son|daughter)'s name|change it to|[Cc]ardholder(?: name)?:?|[Rr]ecipient:?|[Aa]ttn\.?:?|[Ss]igned(?: by|,)|[Bb]illing address:|(?:[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|Miss|MR|MRS|MS)\b\.?`;
const LIKELY_SIGN = String.raw`[Tt]his is|I am|I'm|[Cc]all me|[Rr]egards,|[Ss]incerely,|[Cc]heers,|[Dd]ear`;
const signed = (signs: string) =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${signs})\s+(?<name>${FULL_NAME})`, 'gu');
const AFTER_SURE_SIGN = signed(SURE_SIGN);
const AFTER_LIKELY_SIGN = signed(LIKELY_SIGN);
const SIGNED_IN_SMALL =
  /\bmy (?:full )?name(?:'s| is) (?!what|not|on|in|the|a|still|no)(?<name>\p{Ll}[\p{L}'-]+(?: \p{Ll}[\p{L}'-]+){0,2})(?=$|[.,;!?\n]| and | from | my )/gu;
const TWO_PARTS = new RegExp(
  String.raw`(?<![\p{L}\p{N}@./'-])(?<name>\p{Lu}\p{Ll}{1,14}(?: \p{Lu}\.?)? (?:(?:de|van|von) )?\p{Lu}[\p{L}'’-]{1,24})(?![\p{L}\p{N}@])`,
  'gu',
);
/** "I am" and "dear" stand before many a capital that begins no name. */
const NO_NAME =
  /^(?:Mrs?|Ms|Dr|Prof|Miss|The|A|An|I|My|Not|No|So|In|On|At|Your|Customer|Support|Team|Sir|Madam|Sirs|All|Everyone|What|When|Where|Please|Still|Very|Order|Really|Just|Also|From|For|Is|It|To|Using|Having|Trying|English|Chinese|American|German|French|Spanish|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Amazon|Apple|Google|OK|Hi|Hello|Thank|Thanks)(?![\p{L}])/u;

function findEnglishNames(cased: string): FoundCode[] {
  const known = (name: string) => ENGLISH_GIVEN_NAMES.has(name.split(' ', 1)[0]!);
  return [
    ...namesOf(cased, AFTER_SURE_SIGN, () => true),
    ...namesOf(cased, AFTER_LIKELY_SIGN, (name) => name.includes(' ') || known(name)),
    ...namesOf(cased, SIGNED_IN_SMALL, () => true),
    ...namesOf(cased, TWO_PARTS, known),
  ];
}

function namesOf(cased: string, pattern: RegExp, accepts: (name: string) => boolean): FoundCode[] {
  const found: FoundCode[] = [];
  for (const { 0: match, index, groups } of cased.matchAll(pattern)) {
    const name = groups!['name']!;
    if (NO_NAME.test(name) || !accepts(name)) continue;
    const end = index + match.length;
    found.push({ type: 'person', value: name, start: end - name.length, end });
  }
  return found;
}
