// NHS numbers: ten digits, the last a modulus 11 check (NHS Data Dictionary). 999 000 0000 to 999 999 9999 are for tests and never issued.

/** The check digit of nine digits, or undefined where none exists (remainder 10). */
export function nhsCheckDigit(nineDigits: string): number | undefined {
  if (!/^\d{9}$/.test(nineDigits)) throw new Error('nhsCheckDigit needs nine digits');
  let sum = 0;
  for (let i = 0; i < 9; i += 1) sum += Number(nineDigits[i]) * (10 - i);
  const check = 11 - (sum % 11);
  if (check === 11) return 0;
  return check === 10 ? undefined : check;
}

export function isNhsNumber(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{10}$/.test(digits) && nhsCheckDigit(digits.slice(0, 9)) === Number(digits[9]);
}

/** "9991234567" → "999 123 4567". */
export function formatNhsNumber(digits: string): string {
  return digits.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}
