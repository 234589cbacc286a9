import { describe, expect, it } from 'vitest';
import { forenameComparison } from '../../linkage/index.ts';
import { silentWords } from './silent-words.ts';

const record = (values: Record<string, string | null>) => ({ sourceId: 'police:1', agency: 'police', localId: '1', personKey: 'P1', values });
const parts = { prior: -17, names: 0, relatives: 0, conflict: null, comparisons: [] };
const words = (label: string, left: Record<string, string | null>, right: Record<string, string | null>, comparisons: { label: string; level: string | null; bits: number; rarity: null }[] = []) =>
  silentWords(label, { left: record(left), right: record(right), parts: { ...parts, comparisons } });

describe('why the model says nothing', () => {
  it('names who does not give it', () => {
    expect(words('Telephone', { phone: null }, {})).toBe('Telephone: neither record gives it');
    expect(words('NHS number', { nhs_number: '9990000018' }, { nhs_number: null })).toBe('NHS number: only record A gives it');
    expect(words('Home', { address: null, postcode: null }, { address: '4 Quay Lane', postcode: null })).toBe('Home: only record B gives it');
  });

  it('says that the same sex is not counted beside the same forename', () => {
    expect(words('Sex', { sex: 'F', forename: 'Anna' }, { sex: 'F', forename: 'ANNA' })).toBe('Sex: the same, but not counted, since the same forename mostly gives it');
    expect(words('Sex', { sex: 'U' }, { sex: 'U' })).toBe('Sex: given by both, but not in a way that can be compared');
  });

  it('says that a surname is counted with the forename where that is the other’s surname', () => {
    const crossed = forenameComparison().levels.find(({ name }) => name === 'crossed')!.label;
    expect(words('Surname', { surname: 'Ahmed' }, { surname: 'Adnan' }, [{ label: 'Forename', level: crossed, bits: 9, rarity: null }])).toBe("Surname: counted with the forename, since one's forename is the other's surname");
  });

  it('says that a swapped surname is counted with the forename', () => {
    const swapped = [{ label: 'Forename', level: 'Forename and surname are swapped', bits: 24, rarity: null }];
    expect(words('Surname', { surname: 'Thomas' }, { surname: 'Ash' }, swapped)).toBe('Surname: counted with the forename, with which it is swapped');
  });

  it('says no more than is certain where both give it', () => {
    expect(words('Home', { postcode: 'FM1 2AB' }, { address: '4 Quay Lane' })).toBe('Home: given by both, but not in a way that can be compared');
    expect(words('Client number', {}, {})).toBe('Client number: not counted');
  });
});
