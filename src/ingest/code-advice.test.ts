import { describe, expect, it } from 'vitest';
import { adviseCode, allowedCodes, codeReason } from './code-advice.ts';

const sex = { name: 'sex', type: 'code', codes: ['Male', 'Female', 'Unknown'], separator: ';' } as const satisfies Parameters<typeof adviseCode>[0];

describe('advice on a word outside a code list', () => {
  it('names the list as its column, the nearest code and what is allowed', () => {
    expect(adviseCode(sex, 'Malee')).toBe("'Malee' is not one of the codes for sex. Did you mean 'Male'? Allowed: Male, Female, Unknown.");
    expect(adviseCode({ ...sex, name: 'opening_code', label: 'Opening code', codes: ['burglary'] }, 'x')).toBe("'x' is not one of the codes for opening code. Allowed: burglary.");
    expect(codeReason({ name: 'urn' })).toBe('not one of the codes for URN');
  });

  it('knows a code by its title and by its first letter, where only one has it', () => {
    const column = { ...sex, codes: ['violence-with-injury', 'asb-nuisance'], codeTitles: { 'violence-with-injury': 'Violence with injury', 'asb-nuisance': 'Rowdy behaviour' } };
    expect(adviseCode(column, 'rowdy behavior')).toContain("Did you mean 'asb-nuisance'?");
    expect(adviseCode({ ...sex, codes: ['M', 'F', 'U'] }, 'Male')).toContain("Did you mean 'M'?");
    expect(adviseCode({ ...sex, codes: ['Male', 'Married'] }, 'M')).not.toContain('Did you mean');
  });

  it('of a list names the words that are wrong alone', () => {
    const list = { ...sex, name: 'qualifiers', type: 'list' as const, codes: ['alcohol', 'drugs'] };
    expect(adviseCode(list, 'drugs; alcahol')).toBe("'alcahol' is not one of the codes for qualifiers. Did you mean 'alcohol'? Allowed: alcohol, drugs.");
    expect(adviseCode(list, 'guns; knives;drugs')).toBe("'guns', 'knives' are not one of the codes for qualifiers. Allowed: alcohol, drugs.");
    expect(adviseCode(list, 'Drugs')).toBeUndefined();
  });

  it('caps a long list and a long word', () => {
    expect(allowedCodes(Array.from({ length: 94 }, (_, i) => `c${i}`))).toBe('c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 82 more');
    expect(adviseCode(sex, 'x'.repeat(500))!.length).toBeLessThan(150);
  });
});
