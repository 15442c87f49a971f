/** Check digits that tell a number of a kind from any other run of digits. */

/** Bank cards: the last digit makes the Luhn sum a multiple of ten (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const PROVINCES = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;

/** Chinese resident identity number: region, day of birth, sequence, ISO 7064 MOD 11-2 check character (GB 11643). */
export function isResidentId(id: string): boolean {
  if (!/^\d{17}[\dX]$/.test(id) || !PROVINCES.test(id) || !isBirthday(id.slice(6, 14))) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(id[i]) * (2 ** (17 - i) % 11);
  return '10X98765432'[sum % 11] === id[17];
}

/** The form of before 1999: 15 digits, a year of two, and nothing that checks it. */
export function looksLikeOldResidentId(id: string): boolean {
  return id.length === 15 && PROVINCES.test(id) && isBirthday(`19${id.slice(6, 12)}`);
}

function isBirthday(digits: string): boolean {
  const [year, month, day] = [
    Number(digits.slice(0, 4)),
    Number(digits.slice(4, 6)),
    Number(digits.slice(6)),
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year < 2100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** How long an account number is in each country (ISO 13616 registry). */
const IBAN_LENGTHS = new Map(
  (
    '15 no 16 be 18 dk fi fo gl nl 19 mk si 20 at ba ee kz lt lu xk 21 ch cr hr li lv 22 bg bh de gb ge ie me rs va ' +
    '23 ae gi il iq tl 24 ad cz es md pk ro sa se sk tn vg 25 ly pt st 26 is tr 27 fr gr it mc mr sm ' +
    '28 al az by cy do gt hu lb pl sv 29 br eg ps qa ua 30 jo kw mu 31 mt sc'
  )
    .match(/\d+(?: [a-z]{2})+/g)!
    .flatMap((row) => {
      const [length, ...countries] = row.split(' ');
      return countries.map((country): [string, number] => [country, Number(length)]);
    }),
);

/** Units of an IBAN in lower case for its country; undefined where none has IBANs. */
export function ibanLength(iban: string): number | undefined {
  return IBAN_LENGTHS.get(iban.slice(0, 2));
}

/** ISO 7064 MOD 97-10 over the rearranged number; lower case, no spaces. */
export function passesMod97(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
