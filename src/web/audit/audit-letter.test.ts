import { describe, expect, test } from 'vitest';
import type { RecordedAuditEvent } from '../../store/index.ts';
import { readSharing } from '../gate/sharing.ts';
import { letterSentence } from './audit-letter.ts';
import { actionsInWords } from './audit-words.ts';

const context = { sharing: readSharing(undefined), agreements: new Map(), actorHref: () => '' };
const told = (action: string, outcome: RecordedAuditEvent['outcome'] = 'done'): string =>
  letterSentence({ auditEventId: 1, occurredAt: Date.parse('2026-11-24T09:05:00Z'), actorId: 'u1', actorAgency: 'early-help', actorRole: 'lead-practitioner', action, outcome }, context)
    .replace('On 24 November 2026 at 9:05am a lead practitioner of Early help ', '');

/** These name no person and no record of one. */
const aboutNobody = [/^session\./, /^page\./, /^purpose\./, /^agreement\./, /^clock\./, /^audit\.user$/, /^audit-signal\./, /^share\.list$/, /^extract\./, /^link-queue\./, /^person-events\./, /^key\./, /^backup\./, /^retention\.(holds|certificates)$/, /^(home|feed|quarantine|snapshot|question|person-key)\./, /^audit\.take-in$/];

describe('a sentence of the letter to the person', () => {
  test.each(actionsInWords.filter((action) => !aboutNobody.some((each) => each.test(action))))('has words of its own for %s, done or tried', (action) => {
    expect(told(action)).not.toContain('something');
    expect(told(action, 'refused')).toMatch(/^tried .+ and was refused\.$/);
    // Only a look at the record is called one.
    expect(told(action) === 'looked at your record.').toBe(action === 'person.view');
    expect(told(action) === 'took a copy of your record.').toBe(action === 'person.export');
  });

  test('says what became of a decision to share and of a seal, and who a pseudonym is, as what it was', () => {
    expect(['share.view', 'share.record', 'share.correction', 'pseudonym.reidentify', 'seal.lift', 'seal.add-keeper', 'glass.review'].map((action) => told(action))).toEqual([
      'read a decision whether to give others information about you.',
      'wrote down a decision whether to give others information about you.',
      'corrected what was written of a decision whether to give others information about you.',
      'asked who stands behind a code in data without names, and was told that it is you.',
      'took the seal off your record.',
      'named one more person who may open your sealed record.',
      'checked why your record was opened in an emergency.',
    ]);
    expect(told('share.record', 'refused')).toBe('tried to write down a decision whether to give others information about you and was refused.');
  });

  test('says no more than it knows of an action that has no words yet', () => {
    expect(told('plan.write')).toBe('did something that concerns your record.');
  });
});
