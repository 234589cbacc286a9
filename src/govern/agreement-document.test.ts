import { describe, expect, it } from 'vitest';
import type { AgreementContent } from './agreement.ts';
import { agreementDocument } from './agreement-document.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import { contentFromTemplate } from './agreement-template.ts';
import type { DocumentSection, DocumentTable, WrittenDocument } from './document-section.ts';
import { impactAssessment } from './impact-assessment.ts';
import { overallOf } from './impact-risk.ts';
import { figuresClause, helpClause, sampleContent } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const template = (code: string) => contentFromTemplate(packs.templates.get(code)!, '2026-11-01');
const [picture, family] = [template('understand-demand-and-harm'), template('early-help-for-families')];
const contents: [string, AgreementContent][] = [['the picture', picture], ['early help', family], ['the small sample', sampleContent()]];
const write = (content: AgreementContent) => agreementDocument({ content, packs });
const assess = (content: AgreementContent) => impactAssessment({ content, packs });

const section = (document: WrittenDocument, heading: string | RegExp): DocumentSection => document.sections.find((each) => (typeof heading === 'string' ? each.heading === heading : heading.test(each.heading)))!;
const textOf = ({ blocks }: DocumentSection) => blocks.map((block) => (block.kind === 'paragraph' ? block.text : block.rows.flat().join(' '))).join('\n');
const wholeText = (document: WrittenDocument) => document.sections.map(textOf).join('\n');
const tableOf = (part: DocumentSection, caption: string) => part.blocks.find((block): block is DocumentTable => block.kind === 'table' && block.caption === caption)!;

describe.each(contents)('the legal text of %s', (_name, content) => {
  const document = write(content);

  it('has the parts that the data sharing code asks for, in numbered sections and paragraphs', () => {
    expect(document.sections.map(({ heading }) => heading)).toEqual([
      'Definitions and interpretation', 'Purpose and benefits', 'Parties and their roles', 'Data to be shared', 'Who may receive the data, and why they need them', 'Lawful basis and powers',
      'Special category and criminal offence data', 'Rights of individuals', 'Data quality and accuracy', 'Access to the data', 'Security and transfer', 'Onward use and disclosure', 'Retention and deletion', 'Breaches',
      'Term, review and termination', 'General', 'Signatures',
    ]);
    document.sections.forEach(({ number, blocks }, index) => {
      expect(number).toBe(String(index + 1));
      const paragraphs = blocks.flatMap((block) => (block.kind === 'paragraph' ? [block] : []));
      expect(paragraphs.map((paragraph) => paragraph.number)).toEqual(paragraphs.map((_, at) => `${number}.${at + 1}`));
    });
  });

  it('is in whole sentences without anything left to fill in', () => {
    for (const { blocks } of [...document.sections, ...assess(content).sections]) {
      for (const block of blocks) {
        if (block.kind === 'paragraph') expect(block.text).toMatch(/^[A-Z0-9“].*[.?!:]$/s);
        else expect(block.rows.every((row) => row.length === block.columns.length)).toBe(true);
      }
    }
    expect(wholeText(document) + wholeText(assess(content))).not.toMatch(/undefined|null|\[|\]|TODO|TBC|lorem|xxx|\$\{/i);
  });

  it('names every party, purpose, field, recipient and power of the content', () => {
    const text = wholeText(document);
    for (const { agency, contact } of content.parties) for (const words of [packs.agencies.get(agency)!.title, contact]) expect(textOf(section(document, 'Parties and their roles'))).toContain(words);
    for (const clause of content.clauses) {
      expect(textOf(section(document, 'Purpose and benefits'))).toContain(packs.purposes.get(clause.purpose)!.says);
      for (const power of clause.powers) expect(textOf(section(document, 'Lawful basis and powers'))).toContain(packs.powers.get(power)!.citation);
      expect(textOf(section(document, /^Who may receive/))).toContain(clause.necessity.trim());
      for (const item of clause.items) {
        const shown = textOf(section(document, 'Data to be shared'));
        if ('section' in item) expect(shown).toContain(packs.sections.get(item.section)!.title);
        else for (const field of item.fields === 'all' ? [] : item.fields) expect(shown).toContain(field);
      }
    }
    for (const words of [content.aims, content.benefits, content.quality, content.rights, content.security, content.breach]) expect(text).toContain(words.trim());
  });
});

describe('the legal text', () => {
  it('says of a power that was not checked that it is to be confirmed by your legal adviser, and of no other', () => {
    const lawful = section(write(family), 'Lawful basis and powers');
    const standing = tableOf(lawful, 'Standing of each power').rows;
    for (const [citation, , status] of standing) {
      const power = [...packs.powers.values()].find((each) => each.citation === citation)!;
      expect(/to be confirmed by your legal adviser/.test(status!), citation).toBe(!power.checked);
    }
    expect(standing.some(([, , status]) => status!.includes('to be confirmed'))).toBe(true);
    expect(textOf(lawful)).toContain('Common law powers of a constable');
    const checked = { ...packs, powers: new Map([...packs.powers].map(([code, power]) => [code, { ...power, checked: true }])) };
    const all = section(agreementDocument({ content: family, packs: checked }), 'Lawful basis and powers');
    expect(textOf(all)).not.toContain('to be confirmed');
    expect(textOf(all)).toContain('Every power named in this Agreement has been checked');
  });

  it('says of a retention period from memory that it is to be confirmed', () => {
    expect(textOf(section(write(family), 'Retention and deletion'))).toContain('to be confirmed by your legal adviser');
    expect(textOf(section(write(picture), 'Retention and deletion'))).not.toContain('to be confirmed');
  });

  it('leaves names out of what is shared without them', () => {
    const shown = textOf(section(write(picture), 'Data to be shared'));
    expect(shown).toContain('closing_code');
    expect(shown).not.toMatch(/forename|surname|nhs_number|date_of_birth|summary/);
    expect(shown).toContain('Every field that does not identify a person');
  });

  it('sets out the same data once, and refers to them after that', () => {
    const { blocks } = section(write(picture), 'Data to be shared');
    expect(blocks.filter(({ kind }) => kind === 'table')).toHaveLength(1);
    expect(blocks.filter((block) => block.kind === 'paragraph' && block.text.includes('The data set out for Clause 1'))).toHaveLength(picture.clauses.length - 1);
  });

  it('names a condition for each clause that shares protected data', () => {
    const rows = tableOf(section(write(family), 'Special category and criminal offence data'), 'Conditions').rows;
    expect(rows.map(([clause]) => clause)).toEqual(['1', '2', '3', '4', '5', '7']);
    for (const [, , condition] of rows) expect(condition).toMatch(/article 9\(2\)/);
    const plain = sampleContent({ clauses: [{ ...figuresClause, items: [{ feed: 'police-incident', fields: ['reported_at'] }] }] });
    expect(textOf(section(write(plain), 'Special category and criminal offence data'))).toBe('No special category data and no criminal offence data are shared under this Agreement.');
  });

  it('speaks of joint controllers where there are any, and of Part 3 where the purpose is law enforcement', () => {
    expect(textOf(section(write(picture), 'Parties and their roles'))).toContain('article 26');
    expect(textOf(section(write(family), 'Parties and their roles'))).not.toContain('article 26');
    const police = sampleContent({ clauses: [{ ...figuresClause, purpose: 'prevent-crime', powers: ['part-3-task', 'part-3-sensitive-statutory', 'common-law-policing'] }] });
    expect(wholeText(write(police))).toContain('section 62 of the 2018 Act');
    expect(wholeText(write(family))).not.toContain('section 62');
  });

  it('says of a unit, a service or a committee which body is the controller in its place and signs for it', () => {
    const text = textOf(section(write(picture), 'Parties and their roles'));
    expect(text).toContain('“Violence reduction unit” is a part of “Police and crime commissioner” and no legal person of its own.');
    expect(text).toContain('“Early help”, “Children\'s social care” and “Scrutiny panel” are parts of “Council” and no legal persons of their own.');
    const arrangement = /^(.+) decide together/m.exec(text)![1]!;
    expect(arrangement).toContain('Police and crime commissioner');
    expect(arrangement).not.toMatch(/panel|unit|Early help|social care/);
    expect(text).not.toContain('Chair, Scrutiny panel');
  });

  it('promises of rights, deletion, publication and opinion what the system does, and says what is the parties’ to do', () => {
    const rights = textOf(section(write(picture), 'Rights of individuals'));
    expect(rights).toContain('mends its own system and sends the record again');
    expect(rights).not.toContain('next build');
    expect(rights).toContain('a person may object to the processing under article 21');
    expect(rights).not.toContain('sections 44 to 48');
    const enforcing = sampleContent({ clauses: [{ ...sampleContent().clauses[0]!, purpose: 'prevent-crime', powers: ['part-3-task', 'part-3-sensitive-statutory', 'common-law-policing'] }] });
    expect(textOf(section(write(enforcing), 'Rights of individuals'))).toContain('the rights are those of sections 44 to 48 of that Act');
    expect(textOf(section(write(enforcing), 'Rights of individuals'))).not.toContain('article 21');
    expect(textOf(section(write(enforcing), 'General'))).toContain('article 30 of the UK GDPR; section 61 of the 2018 Act');
    expect(textOf(section(assess(enforcing), 'The need for an assessment'))).toContain('section 64 of the Data Protection Act 2018');
    expect(textOf(section(write(family), 'Retention and deletion'))).toContain('Cases, files that a Party sent, decisions to share, requests for access and corrections that are due are destroyed in the System by two information governance leads');
    expect(textOf(section(write(family), 'Data quality and accuracy'))).toContain('the System does not tell opinion from fact');
    const consulted = textOf(section(assess(picture), 'Consultation'));
    expect(consulted).not.toContain('The public can read');
    expect(consulted).toContain('The Parties publish its text');
    expect(consulted).toMatch(/views of the people concerned.* before the sharing begins \(article 35\(9\)/);
  });

  it.each([['none', /does not pass Shared Data to anybody/], ['same-purpose', /only to a body that needs them for the same Purpose/], ['with-consent-of-source', /prior written consent/]] as const)('limits onward use as chosen: %s', (onwardUse, words) => {
    expect(textOf(section(write(sampleContent({ onwardUse })), 'Onward use and disclosure'))).toMatch(words);
  });

  it('gives the days in words, the version, and who has signed', () => {
    const signed = agreementDocument({ content: sampleContent(), packs, agreementId: 'a-0123456789ab', version: 3, signatures: [{ agency: 'police', by: 'Ruth Calloway', on: '2026-11-02' }] });
    expect(signed.subtitle).toBe('Information sharing agreement, version 3, reference a-0123456789ab, 1 November 2026 to 31 October 2027');
    expect(textOf(section(signed, 'Term, review and termination'))).toContain('1 March 2027');
    expect(tableOf(section(signed, 'Signatures'), 'Signatures').rows).toEqual([['Police', 'Ruth Calloway', '2 November 2026'], ['Violence reduction unit', 'Not signed', ''], ['Early help', 'Not signed', '']]);
  });
});

describe('the impact assessment', () => {
  const risks = (content: AgreementContent) => new Map(tableOf(section(assess(content), 'Risks to people'), 'Risks').rows.map((row) => [row[1]!, row.slice(2)]));
  const riskOf = (content: AgreementContent, words: RegExp) => [...risks(content)].find(([what]) => words.test(what))?.[1];

  it('has the steps of the ICO’s template', () => {
    expect(assess(picture).sections.map(({ heading }) => heading)).toEqual(['The need for an assessment', 'The processing', 'Consultation', 'Necessity and proportionality', 'Risks to people', 'Measures, and what risk is left', 'Sign-off']);
  });

  it('gives each clause its basis, its necessity and how it is kept proportionate', () => {
    const rows = tableOf(section(assess(family), 'Necessity and proportionality'), 'Each Clause').rows;
    expect(rows.map(([number]) => number)).toEqual(family.clauses.map((_, index) => String(index + 1)));
    expect(rows[1]).toMatchObject([expect.anything(), expect.stringMatching(/to be confirmed by your legal adviser/), family.clauses[1]!.necessity, expect.stringContaining('11 chosen fields of 2 sources')]);
  });

  it('finds the risks of names only where there are names, and of figures only where there are figures', () => {
    expect(riskOf(picture, /looks at the record of a person/)).toBeUndefined();
    expect(riskOf(picture, /recognised from a small count/)).toBeDefined();
    expect(riskOf(family, /looks at the record of a person/)).toBeDefined();
    expect(riskOf(family, /recognised from a small count/)).toBeUndefined();
  });

  it('finds looking without need likelier where more may look or no relation is needed', () => {
    const only = (clause: Partial<typeof helpClause>) => sampleContent({ clauses: [{ ...helpClause, ...clause }] });
    expect(riskOf(only({}), /looks at the record/)).toEqual(['Possible', 'Severe', 'High']);
    expect(riskOf(only({ relation: 'none' }), /looks at the record/)).toEqual(['Probable', 'Severe', 'High']);
    expect(riskOf(only({ to: [{ agency: 'early-help', roles: ['hub-coordinator', 'lead-practitioner', 'referrer'] }, { agency: 'police', roles: ['hub-coordinator', 'lead-practitioner', 'referrer'] }] }), /6 roles may see/)).toEqual(['Probable', 'Severe', 'High']);
  });

  it('finds further use likelier where data may be passed on', () => {
    expect(riskOf(picture, /another purpose than people were told/)![0]).toBe('Remote');
    expect(riskOf(family, /further than people expect/)![0]).toBe('Possible');
  });

  it('finds the risk to children only where there are data about them, and that of having no power only where one was not checked or will end', () => {
    const incidents = sampleContent({ clauses: [figuresClause] });
    expect(riskOf(incidents, /Data about children/)).toBeUndefined();
    expect(riskOf(family, /Data about children/)).toBeDefined();
    expect(riskOf(incidents, /no power behind it/)).toBeUndefined();
    expect(riskOf(family, /no power behind it/)).toBeDefined();
  });

  it('never leaves a risk higher than it was, and says whether the Commissioner is to be consulted', () => {
    const order = ['Low', 'Medium', 'High'];
    for (const [, content] of contents) {
      const document = assess(content);
      const [before, after] = [tableOf(section(document, 'Risks to people'), 'Risks').rows, tableOf(section(document, /^Measures/), 'Measures').rows];
      expect(after.map(([number]) => number)).toEqual(before.map(([number]) => number));
      before.forEach((row, at) => expect(order.indexOf(after[at]!.at(-1)!)).toBeLessThanOrEqual(order.indexOf(row.at(-1)!)));
      expect(textOf(section(document, /^Measures/))).toMatch(after.some((row) => row.at(-1) === 'High') ? /consult the Information Commissioner/ : /is not required/);
    }
  });

  it('grades a risk by both its likelihood and its severity', () => {
    const grades = ([0, 1, 2] as const).map((likelihood) => ([0, 1, 2] as const).map((severity) => overallOf({ likelihood, severity })));
    expect(grades).toEqual([['Low', 'Low', 'Medium'], ['Low', 'Medium', 'High'], ['Low', 'High', 'High']]);
  });
});
