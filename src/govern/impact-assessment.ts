// The data protection impact assessment of an agreement, as its annex: the need, the processing, who was asked, necessity and proportionality for each
// clause, the risks with their measures, and the sign-off. Worked out from the content, in the steps of the ICO's template.

import { counted } from '../core/index.ts';
import { isHealthOrCare } from './agency.ts';
import type { AgreementContent } from './agreement.ts';
import type { DocumentOptions } from './agreement-document.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import { dayInWords } from './british-day.ts';
import { formTerms, kindTerms, powersOf, recipientTerms, relationTerms, termsOf, titleOf, toBeConfirmed, usesPart3, type ClauseTerms } from './clause-terms.ts';
import { listWords, numberSections, table, type DocumentTable, type WrittenDocument } from './document-section.ts';
import { likelihoods, listRisks, overallOf, recipientCount, severities, type Risk } from './impact-risk.ts';
import { presentSchedule } from './retention-schedule.ts';

type Part = { heading: string; blocks: (string | DocumentTable)[] };

export function impactAssessment(options: DocumentOptions): WrittenDocument {
  const { content, packs, agreementId, version } = options;
  const terms = termsOf(content, packs);
  const risks = listRisks(content, terms);
  return {
    title: `Data protection impact assessment: ${content.title}`,
    subtitle: `Annex to the information sharing agreement${version === undefined ? '' : `, version ${version}`}${agreementId === undefined ? '' : `, reference ${agreementId}`}`,
    sections: numberSections([need(content, terms), processing(content, terms, packs), consultation(content, terms, packs), necessity(content, terms, packs), riskPart(risks), measures(risks), signOff(options, risks)]),
  };
}

const allKinds = (terms: readonly ClauseTerms[]) => [...new Set(terms.flatMap(({ kinds }) => kinds))];
const named = (terms: readonly ClauseTerms[]) => terms.filter(({ clause }) => clause.form === 'identified');

function need(content: AgreementContent, terms: readonly ClauseTerms[]): Part {
  const reasons = [
    ...(new Set(terms.flatMap(({ clause }) => clause.from)).size > 1 ? ['data from several sources are matched or combined'] : []),
    ...(allKinds(terms).length > 0 ? [`the data include ${listWords(allKinds(terms).map((kind) => kindTerms[kind]))}`] : []),
    ...(terms.some(({ children }) => children) ? ['the data are about children and other people who may be vulnerable'] : []),
    ...(named(terms).length > 0 ? ['records of named people are shown to people of another agency, or of another team of the same one'] : []),
    'the processing may be on a large scale',
  ];
  return {
    heading: 'The need for an assessment',
    blocks: [content.aims, `An assessment is needed under article 35 of the UK GDPR${usesPart3(terms) ? ', and under section 64 of the Data Protection Act 2018 for what is done for law enforcement,' : ''} because ${reasons.join('; ')}.`, `What the Parties expect from the sharing is this: ${content.benefits.trim()}`],
  };
}

function processing(content: AgreementContent, terms: readonly ClauseTerms[], packs: AgreementPacks): Part {
  const feeds = [...new Set(terms.flatMap(({ items }) => items.map(({ title }) => title)))];
  const schedule = packs.retention.schedules.get(content.retention);
  return {
    heading: 'The processing',
    blocks: [
      `Nature. ${counted(new Set(content.clauses.flatMap(({ from }) => from)).size, 'Party provides', 'Parties provide')} data through the System, where records are checked against a contract for each source, joined by person, and made available to readers under the Clauses of the Agreement. ${named(terms).length === 0 ? 'Readers see figures made from Pseudonymised data; no reader sees a name.' : named(terms).length === terms.length ? 'Readers see records of named people.' : 'Under some Clauses readers see figures made from Pseudonymised data; under others they see records of named people.'}`,
      table('Flows of data', ['Clause', 'From', 'To', 'Form', 'Purpose'], terms.map((each) => [String(each.number), each.from.join(', '), each.to.map(recipientTerms).join('; '), formTerms[each.clause.form], each.purpose])),
      `Scope. The data come from ${counted(feeds.length, 'source')}: ${listWords(feeds)}. ${allKinds(terms).length > 0 ? `They include ${listWords(allKinds(terms).map((kind) => kindTerms[kind]))}.` : 'They include no special category data and no criminal offence data.'} ${counted(recipientCount(terms), 'role')} may see them. The sharing begins on ${dayInWords(content.startsOn)} and ends on ${dayInWords(content.endsOn)} at the latest. ${schedule ? presentSchedule(schedule) : ''}`,
      `Context. The people concerned are residents of the area and others who came into contact with the Parties’ services${terms.some(({ children }) => children) ? ', children among them' : ''}. They have little choice over being known to these services, and many would not expect their data to be joined unless they are told. ${content.rights.trim()}`,
      table('Purposes of the processing', ['Purpose', 'What it means'], [...new Set(content.clauses.map(({ purpose }) => purpose))].map((code) => [packs.purposes.get(code)?.title ?? code, packs.purposes.get(code)?.says ?? ''])),
    ],
  };
}

function consultation(content: AgreementContent, terms: readonly ClauseTerms[], packs: AgreementPacks): Part {
  const clinical = content.parties.filter(({ agency }) => isHealthOrCare(packs.agencies.get(agency)?.sector ?? 'other'));
  return {
    heading: 'Consultation',
    blocks: [
      'Each Party consults its data protection officer on this assessment and records the advice before its signatory signs. A signature in section 7 states that this has been done.',
      clinical.length > 0 ? `${listWords(clinical.map(({ agency }) => titleOf(packs, agency)))} also consult${clinical.length === 1 ? 's' : ''} the Caldicott guardian.` : '',
      `Where it is appropriate, the Parties seek the views of the people concerned, or of those who speak for them, before the sharing begins (article 35(9) of the UK GDPR)${terms.some(({ children }) => children) ? ', those of children and young people in a way that suits their age' : ''}, and again by the review on ${dayInWords(content.reviewOn)}. Where a Party decides not to, it records why.`,
      'In the System the Agreement is read by the Parties and by information governance leads only. The Parties publish its text, which the System prints, unless publication would put somebody at risk. An individual who asks is given a list, made from the audit, of who has seen their record.',
    ],
  };
}

function necessity(content: AgreementContent, terms: readonly ClauseTerms[], packs: AgreementPacks): Part {
  const unchecked = powersOf(terms).filter(({ checked }) => !checked);
  const processors = content.parties.filter(({ role }) => role === 'processor').map(({ agency }) => titleOf(packs, agency));
  return {
    heading: 'Necessity and proportionality',
    blocks: [
      'For each Clause the table gives the legal basis, why the Purpose cannot be reached with less, and how the sharing is kept to what is needed.',
      table('Each Clause', ['Clause', 'Legal basis', 'Why it is necessary', 'How it is kept proportionate'], terms.map((each) => [String(each.number), basisTerms(each), each.clause.necessity, proportion(each)])),
      unchecked.length > 0 ? `The following powers have not been checked against their source and are ${toBeConfirmed} before this assessment is relied on: ${unchecked.map(({ citation }) => citation).join('; ')}.` : '',
      content.onwardUse === 'none' ? 'The data may not be passed on or used for another purpose, which keeps the sharing from growing beyond what was assessed.' : 'The data may be passed on only within the limits of section 12 of the Agreement, and each such use is recorded.',
      `Quality. ${content.quality.trim()}`,
      `Processors and transfers. ${processors.length > 0 ? `${listWords(processors)} act${processors.length === 1 ? 's' : ''} as Processor${processors.length === 1 ? '' : 's'}, bound by contract.` : 'No Party acts as a Processor.'} The data stay in the United Kingdom.`,
    ],
  };
}

const basisTerms = ({ powers }: ClauseTerms): string => powers.map(({ citation, checked }) => (checked ? citation : `${citation} (${toBeConfirmed})`)).join('; ');

function proportion({ clause, items }: ClauseTerms): string {
  const chosen = items.filter(({ all, holder }) => !all && holder !== undefined).length;
  const whole = items.length - chosen;
  return [
    `${formTerms[clause.form]} form`,
    ...(chosen > 0 ? [`${counted(items.filter(({ all }) => !all).reduce((sum, { fields }) => sum + fields.length, 0), 'chosen field')} of ${counted(chosen, 'source')}`] : []),
    ...(whole > 0 ? [clause.form === 'identified' ? `the whole of ${counted(whole, 'source')}` : `${counted(whole, 'source')} without any field that identifies`] : []),
    ...(clause.form === 'identified' ? [relationTerms[clause.relation].replace(/^./, (letter) => letter.toLowerCase())] : []),
  ].join('; ');
}

function riskPart(risks: readonly Risk[]): Part {
  return {
    heading: 'Risks to people',
    blocks: [
      'Likelihood is remote, possible or probable; severity of harm is minimal, significant or severe. Both are judged before any measure is taken, from what the Agreement shares, in which form and with how many.',
      table('Risks', ['Risk', 'What could happen', 'Likelihood', 'Severity', 'Overall'], risks.map((risk, index) => [String(index + 1), risk.what, likelihoods[risk.likelihood], severities[risk.severity], overallOf(risk)])),
    ],
  };
}

function measures(risks: readonly Risk[]): Part {
  const worst = risks.filter(({ residual }) => overallOf(residual) === 'High');
  return {
    heading: 'Measures, and what risk is left',
    blocks: [
      'The System or the Agreement puts these measures in place. What risk is left is judged with all of them at work.',
      table('Measures', ['Risk', 'Measures', 'Likelihood left', 'Severity left', 'Overall left'], risks.map(({ measures: taken, residual }, index) => [String(index + 1), taken, likelihoods[residual.likelihood], severities[residual.severity], overallOf(residual)])),
      worst.length > 0
        ? `${counted(worst.length, 'risk')} would stay high. The Parties consult the Information Commissioner under article 36 of the UK GDPR before the sharing begins.`
        : 'No risk is left high, so that prior consultation of the Information Commissioner under article 36 of the UK GDPR is not required.',
    ],
  };
}

function signOff({ content, packs, signatures = [] }: DocumentOptions, risks: readonly Risk[]): Part {
  const left = (['High', 'Medium', 'Low'] as const).flatMap((level) => {
    const number = risks.filter(({ residual }) => overallOf(residual) === level).length;
    return number > 0 ? [`${number} ${level.toLowerCase()}`] : [];
  });
  return {
    heading: 'Sign-off',
    blocks: [
      `Of ${counted(risks.length, 'risk')}, after the measures ${listWords(left)} ${left.length === 1 && left[0]!.startsWith('1 ') ? 'remains' : 'remain'}. By signing the Agreement each Party approves the measures, accepts the risk that is left, and confirms that its data protection officer has advised and that the advice was followed or the reasons for departing from it were recorded.`,
      table('Approval', ['Party', 'Approved by', 'Date'], content.parties.map(({ agency }) => {
        const signature = signatures.find((each) => each.agency === agency);
        return [titleOf(packs, agency), signature?.by ?? 'Not signed', signature ? dayInWords(signature.on) : ''];
      })),
      `This assessment is kept under review and is looked at again by ${dayInWords(content.reviewOn)}, together with the Agreement.`,
    ],
  };
}
