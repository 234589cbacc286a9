// Unique pupil numbers: a check letter, local authority (3), establishment (4), year (2), serial (3).
// The check letter is the sum of digit times position (2 to 13) modulo 23 in an alphabet without I, O and S (DfE UPN guide).

const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/** The check letter of the twelve characters after it; the last may be a letter (a temporary number). */
export function upnCheckLetter(twelve: string): string {
  if (!/^\d{11}[\dA-Z]$/.test(twelve)) throw new Error('upnCheckLetter needs eleven digits and a digit or letter');
  let sum = 0;
  for (let i = 0; i < 12; i += 1) {
    const character = twelve[i]!;
    const value = /\d/.test(character) ? Number(character) : letters.indexOf(character);
    sum += value * (i + 2);
  }
  return letters[sum % 23]!;
}

export function isUpn(text: string): boolean {
  return /^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$/.test(text) && upnCheckLetter(text.slice(1)) === text[0];
}
