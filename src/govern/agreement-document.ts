// The legal text of an agreement, made from its content and the packs: numbered sections after the parts that the ICO's data sharing code asks for.
// Where a power was not checked against its source, the text says that it is to be confirmed by your legal adviser.

import { counted } from '../core/index.ts';
import type { AgreementContent } from './agreement.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import { dayInWords } from './british-day.ts';
import { fieldTerms, formTerms, kindsInWords, kindTerms, powersOf, recipientTerms, relationTerms, termsOf, titleOf, toBeConfirmed, usesPart3, type ClauseTerms } from './clause-terms.ts';
import { listWords, numberSections, table, type DocumentTable, type WrittenDocument } from './document-section.ts';
import { powerKindTitles, type LegalPower } from './legal-power.ts';
import { presentSchedule } from './retention-schedule.ts';

export interface DocumentOptions {
  content: AgreementContent;
  packs: AgreementPacks;
  agreementId?: string;
  version?: number;
  /** Who signed this version. */
  signatures?: readonly { agency: string; by: string; on: string }[];
}

type Part = { heading: string; blocks: (string | DocumentTable)[] };

export const partyRoleTerms = { controller: 'Controller', 'joint-controller': 'Joint controller', processor: 'Processor' } as const satisfies Record<AgreementContent['parties'][number]['role'], string>;

/**
 * The agreement as a document that can be read, printed and signed.
 *
 * @example
 * agreementDocument({ content, packs }).sections[1].heading; // 'Purpose and benefits'
 */
export function agreementDocument(options: DocumentOptions): WrittenDocument {
  const { content, packs, agreementId, version } = options;
  const terms = termsOf(content, packs);
  return {
    title: content.title,
    subtitle: `Information sharing agreement${version === undefined ? '' : `, version ${version}`}${agreementId === undefined ? '' : `, reference ${agreementId}`}, ${dayInWords(content.startsOn)} to ${dayInWords(content.endsOn)}`,
    sections: numberSections([
      definitions(content, terms),
      purposes(content, terms, packs),
      parties(content, packs),
      data(terms),
      recipients(terms),
      lawfulBasis(terms, packs),
      protectedData(terms),
      rights(content, terms),
      quality(content, terms),
      access(terms),
      security(content, terms),
      onwardUse(content),
      retention(content, packs),
      breaches(content),
      term(content, packs),
      general(terms),
      signatures(options),
    ]),
  };
}

const has = (terms: readonly ClauseTerms[], form: 'pseudonymised' | 'identified') => terms.some(({ clause }) => clause.form === form);
const onPublicTask = (terms: readonly ClauseTerms[]) => terms.some(({ powers }) => powers.some(({ code }) => code === 'article-6-1-e'));

function definitions(content: AgreementContent, terms: readonly ClauseTerms[]): Part {
  const rows = [
    ['the 2018 Act', 'the Data Protection Act 2018'],
    ['the Agreement', 'this information sharing agreement, in the version that all Parties have signed'],
    ['Clause', 'one of the numbered sharing clauses in sections 4 to 6; the other parts of this document are called sections'],
    ['Controller, Joint controller, Processor, Personal data, Processing, Personal data breach', 'as in the UK GDPR and the 2018 Act'],
    ['Data Protection Law', 'the UK GDPR, the 2018 Act and all other law in force in England and Wales on the processing of personal data and on privacy'],
    ...(has(terms, 'identified') ? [['Identified', 'data from which the Receiving Party can tell which person they are about']] : []),
    ['Parties', 'the bodies listed in section 3; the Party whose data are shared under a Clause is the Providing Party, and the Party whose staff may see them is the Receiving Party'],
    ...(has(terms, 'pseudonymised') ? [['Pseudonymised', 'data from which names, addresses, free text and the agencies’ own numbers have been removed and in which a person appears under a keyed pseudonym; they remain personal data']] : []),
    ['Purpose', 'a purpose set out in section 2'],
    ['Shared Data', 'the data items set out in section 4'],
    ['the System', 'the Headwater installation through which the Shared Data are made available'],
    ['UK GDPR', 'Regulation (EU) 2016/679, the General Data Protection Regulation, as it forms part of the law of the United Kingdom (section 3(10) of the 2018 Act)'],
  ];
  return {
    heading: 'Definitions and interpretation',
    blocks: [
      `This Agreement sets out the terms on which ${counted(content.parties.length, 'Party', 'Parties')} share personal data for the Purposes. It does not itself create a power to share: each Clause names the power on which it stands.`,
      'In this Agreement the words below have the meanings beside them. A reference to an enactment is to that enactment as amended from time to time. A day begins and ends at midnight in England.',
      table('Defined terms', ['Term', 'Meaning'], rows),
    ],
  };
}

function purposes(content: AgreementContent, terms: readonly ClauseTerms[], packs: AgreementPacks): Part {
  const codes = [...new Set(content.clauses.map(({ purpose }) => purpose))];
  return {
    heading: 'Purpose and benefits',
    blocks: [
      content.aims,
      content.benefits,
      'The Shared Data are shared and used for the following Purposes and for no other. A reader states the Purpose before each task.',
      table('Purposes', ['Purpose', 'What it means', 'Clauses'], codes.map((code) => [packs.purposes.get(code)?.title ?? code, packs.purposes.get(code)?.says ?? '', terms.filter(({ clause }) => clause.purpose === code).map(({ number }) => number).join(', ')])),
    ],
  };
}

function parties({ parties: all }: AgreementContent, packs: AgreementPacks): Part {
  const joint = all.filter(({ role }) => role === 'joint-controller');
  const processors = all.filter(({ role }) => role === 'processor');
  return {
    heading: 'Parties and their roles',
    blocks: [
      'The Parties, the role of each under Data Protection Law, and the person to whom questions about this Agreement are put, are these.',
      table('Parties', ['Party', 'Role', 'Contact'], all.map(({ agency, role, contact }) => [titleOf(packs, agency), partyRoleTerms[role], contact])),
      all.some(({ role }) => role === 'controller') ? 'Each Party that is a Controller decides for itself why and how it processes the data that it holds, and is responsible for its own compliance with Data Protection Law.' : '',
      joint.length > 0 ? `${listWords([...new Set(joint.map(({ agency }) => titleOf(packs, packs.agencies.get(agency)?.partOf ?? agency)))])} decide together why and how the joined Shared Data are processed and are Joint controllers of them. This Agreement is their arrangement under article 26 of the UK GDPR: each answers for the records that it provides and for its own staff, and an individual may exercise rights against any of them. The essence of the arrangement is made available to individuals.` : '',
      ...[...Map.groupBy(all.filter(({ agency }) => packs.agencies.get(agency)?.partOf !== undefined), ({ agency }) => packs.agencies.get(agency)!.partOf!)].map(([body, parts]) => partWords(titleOf(packs, body), parts.map(({ agency }) => titleOf(packs, agency)))),
      processors.length > 0 ? `${listWords(processors.map(({ agency }) => titleOf(packs, agency)))} process${processors.length === 1 ? 'es' : ''} the Shared Data only on the documented instructions of the Controllers, under a contract that meets article 28 of the UK GDPR.` : '',
      'A body that is not a Party receives no Shared Data. A body becomes a Party only by a new version of this Agreement that all Parties sign.',
    ],
  };
}

/** A body that is no legal person can be neither a controller nor bound: the body that it is a part of is. */
const partWords = (body: string, parts: readonly string[]): string =>
  parts.length === 1
    ? `“${parts[0]}” is a part of “${body}” and no legal person of its own. “${body}” has the role that is given beside it, is bound by this Agreement for it, and authorises whoever signs for it.`
    : `${listWords(parts.map((part) => `“${part}”`))} are parts of “${body}” and no legal persons of their own. “${body}” has the roles that are given beside them, is bound by this Agreement for them, and authorises whoever signs for them.`;

function data(terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Data to be shared',
    blocks: terms.flatMap((each) => {
      const same = terms.find((earlier) => earlier.number < each.number && isSameData(earlier, each));
      if (same) return [`Clause ${each.number}. The data set out for Clause ${same.number} are provided by the same Parties in the same form for the Purpose “${each.purpose}”. No other field is shared under this Clause.`];
      return [
        `Clause ${each.number}. ${listWords(each.from)} ${each.from.length === 1 ? 'provides' : 'provide'} the following data for the Purpose “${each.purpose}”, in ${formTerms[each.clause.form]} form. No other field is shared under this Clause.`,
        table(`Clause ${each.number}: data items`, ['Data', 'Fields', 'Protected data among them'], each.items.map((item) => [item.title, fieldTerms(item, each.clause.form), kindsInWords(item.kinds)])),
      ];
    }),
  };
}

const isSameData = (one: ClauseTerms, other: ClauseTerms): boolean =>
  one.clause.form === other.clause.form && JSON.stringify([one.clause.from, one.clause.items]) === JSON.stringify([other.clause.from, other.clause.items]);

function recipients(terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Who may receive the data, and why they need them',
    blocks: [
      'Only people who hold one of the roles below in a Receiving Party may see the Shared Data, and only while they stand in the relation that the Clause asks for.',
      table('Recipients', ['Clause', 'Purpose', 'Form', 'Recipients', 'Relation needed'], terms.map((each) => [String(each.number), each.purpose, formTerms[each.clause.form], each.to.map(recipientTerms).join('; '), relationTerms[each.clause.relation]])),
      'The Parties have considered for each Clause whether its Purpose could be reached with less data, with fewer recipients or without names, and have concluded as follows.',
      table('Necessity', ['Clause', 'Why the Purpose cannot be reached with less'], terms.map(({ number, clause }) => [String(number), clause.necessity])),
    ],
  };
}

const dutyOfConfidence = 'Duty of confidence: ';

const statusOf = (power: LegalPower): string => (power.checked ? `Checked: ${power.source}` : `Not checked against its source; ${toBeConfirmed}`);

function lawfulBasis(terms: readonly ClauseTerms[], packs: AgreementPacks): Part {
  const powers = powersOf(terms);
  const unchecked = powers.filter(({ checked }) => !checked);
  const regimes = new Set(terms.map(({ clause }) => packs.purposes.get(clause.purpose)?.regime));
  const confidential = powers.filter(({ title }) => title.startsWith(dutyOfConfidence));
  return {
    heading: 'Lawful basis and powers',
    blocks: [
      regimes.has('uk-gdpr') ? 'Sharing for the Purposes other than law enforcement is general processing under the UK GDPR and Part 2 of the 2018 Act. Each Clause stands on a lawful basis under article 6, and on the statute or rule of law that gives the Party the task or duty.' : '',
      regimes.has('part-3') ? 'Sharing for a law enforcement purpose is processing by competent authorities under Part 3 of the 2018 Act. The Parties to it distinguish, as far as possible, suspects, convicted persons, victims and witnesses, and fact from opinion, and keep the logs that section 62 of the 2018 Act requires.' : '',
      table('Powers by Clause', ['Clause', 'Kind', 'Power', 'Provides that'], terms.flatMap((each) => each.powers.map((power) => [String(each.number), powerKindTitles[power.kind], power.citation, power.says]))),
      table('Standing of each power', ['Power', 'In force', 'Standing'], powers.map((power) => [power.citation, forceTerms(power), statusOf(power)])),
      unchecked.length > 0 ? `The following have not been checked against their source and are ${toBeConfirmed}: ${unchecked.map(({ citation }) => citation).join('; ')}.` : 'Every power named in this Agreement has been checked against the source that is given beside it.',
      confidential.length > 0 ? `Where Shared Data are held in confidence, the duty of confidence is met by ${listWords(confidential.map(({ title, says }) => `${title.slice(dutyOfConfidence.length)} (${says})`), 'or')}. Staff of health and care bodies apply the Caldicott Principles to each disclosure.` : 'Where Shared Data are held in confidence, the Providing Party shares them only where a statute requires or permits it, where the person has consented, or where an overriding public interest justifies it.',
      'Where a power ceases to be in force, sharing under each Clause that names it ceases on that day without any further step.',
      'The Parties are satisfied that the sharing is in accordance with the law, pursues a legitimate aim and is necessary and proportionate to it, as article 8 of the European Convention on Human Rights requires.',
    ],
  };
}

const forceTerms = ({ inForceFrom, inForceTo }: LegalPower): string =>
  inForceFrom === null ? 'Not known to be in force' : `From ${dayInWords(inForceFrom)}${inForceTo === null ? '' : ` to ${dayInWords(inForceTo)}`}`;

function protectedData(terms: readonly ClauseTerms[]): Part {
  const special = terms.filter(({ kinds }) => kinds.length > 0);
  return {
    heading: 'Special category and criminal offence data',
    blocks: special.length === 0
      ? ['No special category data and no criminal offence data are shared under this Agreement.']
      : [
          `Shared Data include ${listWords([...new Set(special.flatMap(({ kinds }) => kinds))].map((kind) => kindTerms[kind]))}. They are shared under the conditions below, in addition to the lawful basis.`,
          table('Conditions', ['Clause', 'Protected data', 'Condition'], special.map((each) => [String(each.number), kindsInWords(each.kinds), each.powers.filter(({ kind }) => ['article9', 'article10', 'part3-sensitive'].includes(kind)).map(({ citation }) => citation).join('; ')])),
          'Each Party that relies on a condition of Part 1, 2 or 3 of Schedule 1 to the 2018 Act which requires it has an appropriate policy document in place, keeps it for six months after the processing ends, and gives it to the Information Commissioner on request.',
          usesPart3(terms) ? 'Sensitive processing for a law enforcement purpose takes place only where it is strictly necessary, under a condition of Schedule 8 to the 2018 Act, and with an appropriate policy document in place.' : '',
        ],
  };
}

function rights(content: AgreementContent, terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Rights of individuals',
    blocks: [
      content.rights,
      'Individuals have the rights to be informed and of access, rectification, erasure, restriction and objection so far as Data Protection Law gives them.',
      onPublicTask(terms) ? 'Where a Clause stands on article 6(1)(e) of the UK GDPR, a person may object to the processing under article 21 on grounds that relate to their own situation. The Party to which the objection is made stops that processing unless it shows compelling legitimate grounds that override the interests of the person, and tells the other Parties that were given the data.' : '',
      usesPart3(terms) ? 'For processing under Part 3 of the 2018 Act the rights are those of sections 44 to 48 of that Act, and each restriction of them is recorded with its reasons.' : '',
      'Each Party publishes privacy information that names this sharing, its Purposes and its recipients, in words that the people concerned, children among them, can understand. A Party may withhold notice of a particular disclosure only where Data Protection Law provides an exemption, and records why.',
      'A Party that receives a request to exercise a right answers it without undue delay and within one month, unless Data Protection Law allows longer, consults the Providing Party where the data came from another, and takes no decision about the data of another Party without telling it first.',
      has(terms, 'identified') ? 'A person may ask who has seen their record and for which Purpose. The System keeps the answer for every view.' : '',
      'No decision about a person is taken by automated means alone, and no score or prediction of a person’s behaviour is made from the Shared Data.',
    ],
  };
}

function quality(content: AgreementContent, terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Data quality and accuracy',
    blocks: [
      content.quality,
      'The Providing Party is responsible for the accuracy of what it provides. A Party that finds Shared Data to be inaccurate tells the Providing Party without delay. The Providing Party corrects them and tells every Party to which they were given.',
      has(terms, 'identified') ? 'Each fact about a person is kept with its source and its date. Whoever records an opinion says in its text that it is one: the System does not tell opinion from fact.' : '',
    ],
  };
}

function access(terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Access to the data',
    blocks: [
      'The System gives a reader those items, in that form, that a Clause in force gives to the reader’s Party and role for the Purpose that the reader has stated, and refuses everything else.',
      'Every view, search, export and refusal is recorded in an audit with the reader, the time, the Purpose and the Clause. The audit can be added to but not changed, and whether it is whole can be proved.',
      has(terms, 'identified') ? 'In an emergency a reader whose work is with people, and to whom a Clause gives a part of a person’s record, may open the rest of it for two hours and with a stated reason. An information governance lead is told at once and reviews it. A record that has been sealed for a person’s protection cannot be opened in this way.' : '',
      has(terms, 'pseudonymised') ? 'Figures made from Pseudonymised data pass statistical disclosure control before anybody sees them: small counts are withheld and others are rounded. No reader may try to find out which person Pseudonymised data are about.' : '',
      'Each Party ensures that its readers are trained in data protection and confidentiality, are bound by a duty of confidence, and lose their access on the day on which they no longer need it.',
    ],
  };
}

function security(content: AgreementContent, terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'Security and transfer',
    blocks: [
      content.security,
      'Each Party keeps in place the technical and organisational measures that articles 5(1)(f) and 32 of the UK GDPR require, having regard to the harm that could follow from unauthorised access, loss or alteration.',
      'Shared Data are transferred only through the System or another secure means on which the Parties have agreed in writing. They are not sent outside the United Kingdom.',
      has(terms, 'pseudonymised') ? 'Pseudonyms are made with a secret key, which the System gives to no reader.' : '',
    ],
  };
}

const onwardTerms = {
  none: 'A Receiving Party does not pass Shared Data to anybody who is not a recipient under a Clause, and does not use them for any purpose other than the Purpose for which they were shared.',
  'same-purpose': 'A Receiving Party may pass Shared Data on only to a body that needs them for the same Purpose, that is bound by equivalent duties, and of which it has told the Providing Party beforehand.',
  'with-consent-of-source': 'A Receiving Party may pass Shared Data on, or use them for another purpose, only with the prior written consent of the Providing Party.',
} as const satisfies Record<AgreementContent['onwardUse'], string>;

function onwardUse(content: AgreementContent): Part {
  return {
    heading: 'Onward use and disclosure',
    blocks: [
      onwardTerms[content.onwardUse],
      'Data that a competent authority collected for a law enforcement purpose are used for another purpose only where that use is authorised by law (section 36(4) of the 2018 Act).',
      'Nothing in this section prevents a disclosure that the law or a court requires, or one that is necessary to protect a person’s life. The Party that makes it tells the Providing Party as soon as it lawfully can.',
    ],
  };
}

function retention(content: AgreementContent, packs: AgreementPacks): Part {
  const schedule = packs.retention.schedules.get(content.retention);
  return {
    heading: 'Retention and deletion',
    blocks: [
      schedule ? `Shared Data are kept under the schedule “${schedule.title}”. ${presentSchedule(schedule)}${schedule.checked ? '' : ` This period has not been checked against its source and is ${toBeConfirmed}.`}` : `Shared Data are kept under the schedule “${content.retention}”.`,
      'At the end of that period the data are securely deleted, and the deletion is recorded. Cases, files that a Party sent, decisions to share, requests for access and corrections that are due are destroyed in the System by two information governance leads acting separately, and a certificate is issued. The System destroys none of them by itself. What was made from a file stays in the System until the next build after it was destroyed, and backups hold all of these until whoever runs the System removes them. Each Party deletes what it holds in its own systems. Data that are needed for legal proceedings, an inquiry or a request that has been made are kept until it is over.',
      'When this Agreement ends or lapses, no reader can see the Shared Data through the System any more from that moment. Each Receiving Party deletes copies that it holds within one month, unless the law requires it to keep them, and confirms this in writing on request.',
    ],
  };
}

function breaches(content: AgreementContent): Part {
  return {
    heading: 'Breaches',
    blocks: [
      content.breach,
      'A Personal data breach that is likely to result in a risk to people’s rights and freedoms is notified to the Information Commissioner without undue delay and, where feasible, within 72 hours. People are told without undue delay where the risk to them is high, unless telling them would put somebody at risk.',
    ],
  };
}

function term(content: AgreementContent, packs: AgreementPacks): Part {
  return {
    heading: 'Term, review and termination',
    blocks: [
      `This Agreement begins on ${dayInWords(content.startsOn)}, or when the last Party signs it, whichever is later. Its last day is ${dayInWords(content.endsOn)}. It lapses at the end of that day unless a new version has taken its place.`,
      `The Parties review this Agreement and its impact assessment by ${dayInWords(content.reviewOn)}, and sooner after a serious breach, a material change in the law or a change in what is shared. They consider whether the sharing still serves its Purposes, whether it is still necessary, and what it has achieved.`,
      'This Agreement is changed only by a new version that all Parties sign. The version in force holds until then.',
      'A Party may withdraw at any time by its signatory, with a stated reason. An information governance lead of a Party may end this Agreement for all. In either case it lapses at once.',
      `No version of this Agreement holds for longer than ${counted(packs.retention.agreement.longestYears, 'year')}.`,
    ],
  };
}

function general(terms: readonly ClauseTerms[]): Part {
  return {
    heading: 'General',
    blocks: [
      `Each Party enters this sharing in its record of processing activities (article 30 of the UK GDPR${usesPart3(terms) ? '; section 61 of the 2018 Act for law enforcement' : ''}), and can show that it keeps to this Agreement.`,
      'A Party that receives a request under the Freedom of Information Act 2000 for information about this sharing consults the other Parties before it answers. The Parties publish this Agreement, unless publication would put somebody at risk.',
      'The Parties try to settle a complaint or a dispute between their contacts first, and then between their chief officers. A complaint from an individual is answered by the Party that receives it.',
      'Each Party bears its own costs and is responsible for its own acts and omissions and those of its staff. Nothing in this Agreement makes one Party the agent of another.',
      'This Agreement is governed by the law of England and Wales.',
    ],
  };
}

function signatures({ content, packs, signatures: given = [] }: DocumentOptions): Part {
  const rows = content.parties.map(({ agency }) => {
    const signature = given.find((each) => each.agency === agency);
    return [titleOf(packs, agency), signature ? signature.by : 'Not signed', signature ? dayInWords(signature.on) : ''];
  });
  return {
    heading: 'Signatures',
    blocks: [
      'By signing, the signatory of a Party confirms that they have authority to bind it, that it has read this Agreement and its impact assessment, and that it will keep to them. A signature is made in the System and is of this version alone.',
      table('Signatures', ['Party', 'Signed by', 'Date'], rows),
    ],
  };
}
