// Is a reason given in words, so that somebody else can review it? Words have two letters or more; numbers and signs do not count.

const fewestWords = 5;

export const hasEnoughWords = (text: string): boolean => text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length >= fewestWords;
