// What "headwater people events" may be asked for.

export const kinds = ['merge', 'split', 'moved'] as const;
export const mostListed = 10_000;
