// Each agency's own register of people: its local ids, how many it holds for one person, the address it last knew, and the truth of whose each is.

import type { NamesPack, NoiseShares, SimulationPack } from './simulation.pack.ts';
import type { Random } from '../core/index.ts';
import { createRandom, nhsCheckDigit } from '../core/index.ts';
import type { County } from './county.ts';
import type { People } from './people.ts';
import { dwellingOf } from './people.ts';
import type { NameTable } from './person-names.ts';
import { sexCode } from './person-names.ts';
import type { Identity, NameVariants, WrittenIdentity } from './record-noise.ts';
import { createVariants, uniformOf, writeIdentity } from './record-noise.ts';

export interface WrittenRecord extends WrittenIdentity {
  id: string;
  address: string;
  postcode: string;
  phone: string;
  email: string;
  nhsNumber: string;
}

export type EthnicityStyle = 'label' | 'short' | 'code';

export interface AgencyRecords {
  agency: string;
  /** The record under which the agency enters this person today: one it holds, or a new one. */
  recordFor(person: number): number;
  /** A new record whatever it holds. */
  newRecord(person: number): number;
  /** The first record held, or -1. */
  findRecord(person: number): number;
  write(record: number, day: number, style?: EthnicityStyle): WrittenRecord;
  idOf(record: number): string;
  personOf(record: number): number;
  count(): number;
}

export interface RecordsContext {
  seed: number;
  pack: SimulationPack;
  namesPack: NamesPack;
  county: County;
  people: People;
  names: NameTable;
  onRecord(agency: string, localId: string, person: number): void;
}

export const personId = (person: number): string => `P${String(person + 1).padStart(7, '0')}`;

/** Numbers that Ofcom keeps for drama: mobile, local and freephone ranges of a thousand each. */
const phoneRanges = ['07700 900', '01632 960', '0113 496 0', '0114 496 0', '0115 496 0', '0116 496 0', '0117 496 0', '0118 496 0', '0121 496 0', '0131 496 0', '0141 496 0', '0151 496 0', '0161 496 0', '020 7946 0', '0191 498 0', '028 9649 6', '029 2018 0', '03069 990', '0808 157 0'];

export function phoneText(n: number): string {
  const range = phoneRanges[Math.floor(n / 1000) % phoneRanges.length]!;
  return `${range}${String(n % 1000).padStart(3, '0')}`;
}

/** Each person's own numbers: a test NHS number (while they last), a drama telephone number, an example.org address. */
export function createIdentifiers(people: People, names: NameTable) {
  const nhs = new Int32Array(people.birth.length).fill(-1);
  let next = 0;
  const pool = phoneRanges.length * 1000;
  return {
    nhsNumber(person: number): string {
      while (nhs[person] === -1) {
        if (next >= 1_000_000) nhs[person] = -2;
        else {
          const candidate = (next * 387_421 + 12_345) % 1_000_000;
          next += 1;
          if (nhsCheckDigit(`999${String(candidate).padStart(6, '0')}`) !== undefined) nhs[person] = candidate;
        }
      }
      if (nhs[person] === -2) return '';
      const nine = `999${String(nhs[person]).padStart(6, '0')}`;
      return `${nine}${nhsCheckDigit(nine)}`;
    },
    phone(person: number): string {
      const holder = uniformOf(17, person, 3) < 0.22 ? people.householdFirst[people.household[person]!]! : person;
      return phoneText((Math.max(0, holder) * 7919) % pool);
    },
    otherPhone: (n: number): string => phoneText((n * 104_729 + 13) % pool),
    email(person: number): string {
      const word = (index: number) => names.text[index]!.toLowerCase().replaceAll(/[^a-z]/g, '');
      return `${word(people.forename[person]!)}.${word(people.surname[person]!)}${person % 97}@example.org`;
    },
  };
}

export type Identifiers = ReturnType<typeof createIdentifiers>;

function grow(array: Int32Array, size: number): Int32Array {
  if (size <= array.length) return array;
  const larger = new Int32Array(Math.ceil(size * 1.6));
  larger.set(array);
  return larger;
}

function hashText(text: string): number {
  let hash = 7;
  for (const character of text) hash = Math.imul(hash, 31) + character.codePointAt(0)!;
  return hash | 0;
}

interface Register {
  person: Int32Array;
  dwelling: Int32Array;
  factor: Int32Array;
  before: Int32Array;
  head: Int32Array;
  count: number;
}

function identityOf(context: RecordsContext, person: number, style: EthnicityStyle, salt: number, record: number): Identity {
  const { people, names, namesPack } = context;
  const heritage = names.heritages[people.heritage[person]!]!;
  const other = names.heritages[Math.floor(uniformOf(salt, record, 60) * names.heritages.length)]!;
  return {
    forename: names.text[people.forename[person]!]!, middle: people.middle[person]! >= 0 ? names.text[people.middle[person]!]! : '',
    surname: names.text[people.surname[person]!]!, otherSurname: names.text[people.otherSurname[person]!]!, birth: people.birth[person]!,
    sex: sexCode(people.sex[person]!), ethnicity: namesPack.heritages[heritage]![style], otherEthnicity: namesPack.heritages[other]![style],
  };
}

/** Which agencies keep NHS numbers and electronic mail addresses. */
const keepsNhsNumber = new Set(['ambulance', 'social-care', 'treatment']);
const keepsEmail = new Set(['early-help', 'housing', 'council']);

export function createAgencyRecords(context: RecordsContext, agency: string, identifiers: Identifiers, formatId: (record: number, person: number) => string): AgencyRecords {
  const { pack, people, county, seed } = context;
  const shares: NoiseShares = pack.identity.agencies[agency]!;
  const repeats = pack.identity.duplicates[agency]!;
  const variants: NameVariants = createVariants(context.namesPack);
  const random: Random = createRandom(seed, `records of ${agency}`);
  const salt = hashText(`${seed} ${agency}`);
  const heritageFactor = context.names.heritages.map((name) => pack.identity.heritageFactor[name] ?? 1);
  const register: Register = { person: new Int32Array(1024), dwelling: new Int32Array(1024), factor: new Int32Array(1024), before: new Int32Array(1024), head: new Int32Array(people.birth.length).fill(-1), count: 0 };
  const knownDwelling = (person: number, stale: number, factor: number): number => {
    const previous = people.previousDwelling[person]!;
    return previous >= 0 && random.chance(stale * factor) ? previous : dwellingOf(people, person);
  };
  const newRecord = (person: number): number => {
    const record = register.count;
    register.count += 1;
    register.person = grow(register.person, register.count);
    register.dwelling = grow(register.dwelling, register.count);
    register.factor = grow(register.factor, register.count);
    register.before = grow(register.before, register.count);
    const factor = heritageFactor[people.heritage[person]!]! * (people.moves[person]! > 0 ? pack.identity.transientFactor : 1);
    register.person[record] = person;
    register.factor[record] = Math.round(factor * 1000);
    register.dwelling[record] = uniformOf(salt, record, 61) < shares.noPlace * factor ? -1 : knownDwelling(person, shares.stalePlace, Math.sqrt(factor));
    register.before[record] = register.head[person]!;
    register.head[person] = record;
    context.onRecord(agency, formatId(record, person), person);
    return record;
  };
  const idOf = (record: number) => formatId(record, register.person[record]!);
  return {
    agency,
    newRecord,
    findRecord: (person) => register.head[person]!,
    recordFor(person) {
      let held = 0;
      for (let r = register.head[person]!; r >= 0; r = register.before[r]!) held += 1;
      if (held === 0 || random.chance(repeats[Math.min(held, repeats.length) - 1]! * Math.sqrt(heritageFactor[people.heritage[person]!]!))) return newRecord(person);
      let chosen = register.head[person]!;
      for (let skip = random.chance(0.6) ? 0 : random.below(held); skip > 0; skip -= 1) chosen = register.before[chosen]!;
      if (register.dwelling[chosen] !== -1 && random.chance(0.4 * (1 - shares.stalePlace))) register.dwelling[chosen] = dwellingOf(people, person);
      return chosen;
    },
    write(record, day, style = 'short') {
      const person = register.person[record]!;
      const factor = register.factor[record]! / 1000;
      const identity = identityOf(context, person, style, salt, record);
      const written = writeIdentity(identity, day, salt, record, shares, factor, variants);
      const dwelling = register.dwelling[record]!;
      const phone = uniformOf(salt, record, 62) < shares.phone ? (uniformOf(salt, record, 63) < shares.wrongPhone * factor ? identifiers.otherPhone(record) : identifiers.phone(person)) : '';
      return {
        ...written, id: idOf(record), address: dwelling < 0 ? '' : county.addressOf(dwelling), postcode: dwelling < 0 ? '' : county.postcodeOf(dwelling), phone,
        email: keepsEmail.has(agency) && uniformOf(salt, record, 64) < 0.4 ? identifiers.email(person) : '',
        nhsNumber: !keepsNhsNumber.has(agency) || uniformOf(salt, record, 65) < shares.identifierMissing * Math.sqrt(factor) ? '' : identifiers.nhsNumber(person),
      };
    },
    idOf,
    personOf: (record) => register.person[record]!,
    count: () => register.count,
  };
}
