import { describe, expect, test } from 'vitest';
import { doubtsAboutGround, readAgreementPacks } from './index.ts';

const packs = readAgreementPacks(undefined);
type Given = Parameters<typeof doubtsAboutGround>[1];
const doubts = (over: Partial<Given> = {}) => doubtsAboutGround(packs, { decision: 'share', from: 'education', items: [], purpose: 'safeguarding-children', ground: ['article-6-1-e', 'children-2004-11'], decidedOn: '2026-11-28', ...over });

describe('doubts about the ground of a decision to share', () => {
  test('are none where a basis, its statute and the conditions for what is shared are named', () => {
    expect(doubts()).toEqual([]);
    expect(doubts({ items: ['school-suspension'], ground: ['article-6-1-e', 'children-2004-11', 'article-9-2-g-safeguarding', [...packs.powers.values()].find(({ kind }) => kind === 'article10')!.code] })).toEqual([]);
  });

  test('are none where it was withheld', () => {
    expect(doubts({ decision: 'withhold', ground: [] })).toEqual([]);
  });

  test('tell of a purpose without its basis', () => {
    expect(doubts({ ground: ['children-2004-11'] })).toEqual(['“Protect a child” needs a lawful basis under article 6 of the UK GDPR, and none is named.']);
  });

  test('tell of a power that does not stand alone', () => {
    expect(doubts({ ground: ['article-6-1-e'] })).toEqual([expect.stringMatching(/^UK GDPR, article 6\(1\)\(e\).* does not stand alone: it needs the statute that gives the task or duty or a common law power beside it\.$/)]);
  });

  test('tell of protected data without their condition', () => {
    expect(doubts({ items: ['school-suspension'] })).toEqual(['What is shared may hold data on criminal offences, and a condition under article 10 of the UK GDPR is not named.']);
    expect(doubts({ items: ['case/worries'] })).toHaveLength(2);
    expect(doubts({ items: ['school'] })).toEqual([]);
  });

  test('tell of a power that is not known to be in force, or had not begun on the day', () => {
    expect(doubts({ ground: ['article-6-1-e', 'children-2004-11', 'children-2004-16la'] })).toEqual(['Children Act 2004, section 16LA is not known to be in force.']);
    expect(doubts({ decidedOn: '2005-09-30', ground: ['article-6-1-e', 'children-2004-11'] })).toContain('Children Act 2004, section 11 was not in force on 30 September 2005: it began on 1 October 2005.');
    expect(doubts({ decidedOn: '2025-11-07', from: 'police', ground: ['article-6-1-e', 'victims-and-prisoners-2024-20'] })).toEqual([]);
    expect(doubts({ decidedOn: '2025-11-06', from: 'police', ground: ['article-6-1-e', 'victims-and-prisoners-2024-20'] })).toHaveLength(1);
  });

  test('tell of data that no statute reaches, and of confidence', () => {
    const found = doubts({ from: 'ambulance', items: ['ambulance-call'], ground: ['article-6-1-e', 'serious-violence-2022-16', 'article-9-2-g-safeguarding', 'article-9-2-h'] });
    expect(found).toContainEqual(expect.stringMatching(/^No statute that is named reaches /));
    expect(found).toContainEqual(expect.stringMatching(/^Health and care records are held in confidence/));
  });

  test('tell of law enforcement by who is no competent authority, and of powers of the other regime', () => {
    expect(doubts({ purpose: 'prevent-crime', from: 'housing', ground: ['article-6-1-e'] }).join(' ')).toMatch(/needs a basis under Part 3.*belongs to another part of the law.*competent authorities, which your agency is not/);
  });
});
