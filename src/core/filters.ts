// The filters that every question page shares, as they stand in the address: ?agency=police&category=burglary&from=2025-01&to=2025-12&area=E01000001

import { z } from 'zod';

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const list = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => [value ?? []].flat().flatMap((item) => item.split(',')).filter((item) => item !== ''));

export const filtersSchema = z.object({
  agency: list,
  category: list,
  area: list,
  from: month.optional().catch(undefined),
  to: month.optional().catch(undefined),
});

/** Empty lists and absent months mean "all". */
export type Filters = z.infer<typeof filtersSchema>;

export const noFilters: Filters = { agency: [], category: [], area: [] };
