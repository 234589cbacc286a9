// Who is signed in, with which role, until when. The casework store keeps sessions; `web` alone makes and ends them.

export const roles = [
  'analyst',
  'referrer',
  'hub-coordinator',
  'lead-practitioner',
  'commissioner',
  'governance-lead',
  'board-member',
  'panel-member',
  'signatory',
] as const;

export type Role = (typeof roles)[number];

export const roleTitles = {
  analyst: 'Analyst',
  referrer: 'Front-line referrer',
  'hub-coordinator': 'Hub coordinator',
  'lead-practitioner': 'Lead practitioner',
  commissioner: 'Commissioner of services',
  'governance-lead': 'Information governance lead',
  'board-member': 'Board member',
  'panel-member': 'Scrutiny panel member',
  /** Data protection officer, Caldicott guardian or senior information risk owner: signs agreements for their agency. */
  signatory: 'Signatory',
} as const satisfies Record<Role, string>;

export interface Session {
  /** SHA-256 of the cookie's secret, in hexadecimal: what is stored cannot be used as a cookie. */
  key: string;
  /** The identity provider's id of the person (`sub`). */
  userId: string;
  name: string;
  agency: string;
  role: Role;
  /** Number and postcode of the person's home, where the identity provider gives an address: only to note a look at their own record. */
  address?: string;
  /** Code of the purpose that the person stated for what they do now; null where they have stated none. */
  purpose: string | null;
  /** Milliseconds since the epoch, as are the two below. */
  startedAt: number;
  /** The session ends then, whatever happens. */
  expiresAt: number;
  /** The session ends then unless it is used before. */
  idleUntil: number;
}

/** Sessions by key. `find` gives what is stored, expired or not: the web part decides by its own clock. */
export interface SessionStore {
  find(key: string): Promise<Session | undefined>;
  /** Inserts, or replaces the session of the same key. */
  save(session: Session): Promise<void>;
  /** Moves `idleUntil` of a stored session; does nothing where the key is not held. */
  touch(key: string, idleUntil: number): Promise<void>;
  /** What the person says that they do from now on, or null where they take it back; does nothing where the key is not held. */
  setPurpose(key: string, purpose: string | null): Promise<void>;
  /** Does nothing where the key is not held. */
  destroy(key: string): Promise<void>;
  /** Removes every session whose `expiresAt` or `idleUntil` is at or before `now`; returns how many. */
  destroyExpired(now: number): Promise<number>;
}

/** Sessions in memory: for tests, and for trying Headwater without a store. They end with the process. */
export function createMemorySessions(): SessionStore {
  const held = new Map<string, Session>();
  return {
    async find(key) {
      const session = held.get(key);
      return session ? { ...session } : undefined;
    },
    async save(session) {
      held.set(session.key, { ...session });
    },
    async touch(key, idleUntil) {
      const session = held.get(key);
      if (session) session.idleUntil = idleUntil;
    },
    async setPurpose(key, purpose) {
      const session = held.get(key);
      if (session) session.purpose = purpose;
    },
    async destroy(key) {
      held.delete(key);
    },
    async destroyExpired(now) {
      const ended = [...held.values()].filter((session) => session.expiresAt <= now || session.idleUntil <= now);
      for (const session of ended) held.delete(session.key);
      return ended.length;
    },
  };
}
