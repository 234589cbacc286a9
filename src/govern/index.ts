// What may be shown to whom: disclosure control, so that no table that leaves gives a small count back.
export * from './audit-difference.ts';
export * from './audit-table.ts';
export * from './cell-key.ts';
export * from './disclosure-rule.ts';
export { dimensionsOf, isHidden, type CountColumn, type Dependent, type DisclosureSpec, type TableRow } from './disclosure-cells.ts';
export * from './protect-table.ts';
export * from './access-request.ts';
export * from './access-decision.ts';
export { indexGrants, type GrantIndex } from './grant-index.ts';
export * from './score-of-a-person.ts';
export * from './agreement.ts';
export * from './agreement-register.ts';
export * from './agreement-draft.ts';
export * from './agreement-draft.store.ts';
export * from './reader-transaction.store.ts';
export * from './governed-case.store.ts';
export * from './break-glass.store.ts';
export * from './seal.store.ts';
