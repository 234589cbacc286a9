// A whole number within limits, as an option of a command takes it.

import { InvalidArgumentError } from 'commander';

export function wholeNumber(least: number, most: number) {
  return (value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return number;
  };
}
