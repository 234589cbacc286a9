import { describe, expect, it } from 'vitest';
import { findPostcode, formatNhsNumber, isNhsNumber, isUpn, nhsCheckDigit, postcodeParts, upnCheckLetter } from './index.ts';

describe('NHS numbers', () => {
  it('have a modulus 11 check digit (943 476 5919, the NHS Data Dictionary’s example)', () => {
    expect(nhsCheckDigit('943476591')).toBe(9);
    expect(isNhsNumber('943 476 5919')).toBe(true);
    expect(isNhsNumber('9434765918')).toBe(false);
  });
  it('do not exist where the remainder gives ten', () => {
    const without = Array.from({ length: 200 }, (_, i) => String(999_000_000 + i)).filter((nine) => nhsCheckDigit(nine) === undefined);
    expect(without.length).toBeGreaterThan(0);
    for (const nine of without) for (let d = 0; d < 10; d += 1) expect(isNhsNumber(`${nine}${d}`)).toBe(false);
  });
  it('are written 3 3 4', () => {
    expect(formatNhsNumber('9434765919')).toBe('943 476 5919');
  });
});

describe('unique pupil numbers', () => {
  it('have a check letter (H801200001001, the guide’s example of position weights)', () => {
    // 8·2 + 0·3 + 1·4 + 2·5 + 0·6 + 0·7 + 0·8 + 0·9 + 1·10 + 0·11 + 0·12 + 1·13 = 53; 53 mod 23 = 7 → H
    expect(upnCheckLetter('801200001001')).toBe('H');
    expect(isUpn('H801200001001')).toBe(true);
    expect(isUpn('A801200001001')).toBe(false);
    expect(isUpn('H80120000100')).toBe(false);
  });
});

describe('postcodes', () => {
  it('are written in one way, whatever the case and spaces', () => {
    expect(findPostcode('lu1 1aa')).toBe('LU1 1AA');
    expect(findPostcode(' sw1a1aa ')).toBe('SW1A 1AA');
    expect(findPostcode('GIR0AA')).toBe('GIR 0AA');
  });
  it('never end in the letters C I K M O V', () => {
    for (const letter of 'CIKMOV') expect(findPostcode(`LU1 1A${letter}`)).toBeUndefined();
    expect(findPostcode('not one')).toBeUndefined();
  });
  it('have an area, a district and a sector', () => {
    expect(postcodeParts('LU1 1AA')).toEqual({ area: 'LU', district: 'LU1', sector: 'LU1 1' });
  });
});
