// The standard normal distribution: density, cumulative probability and quantile.
// Cumulative: through the incomplete gamma function, Φ(x) = ½ + ½·P(½, x²/2). Quantile: Wichura 1988, algorithm AS 241 (PPND16).

import { gammaLower, gammaUpper } from './gamma-distribution.ts';

/**
 * The density at x.
 *
 * @example
 * normalDensity(0); // 0.3989422804014327
 */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * P(Z ≤ x), with full relative accuracy in both tails.
 *
 * @example
 * normalProbability(1.959963984540054); // 0.975
 */
export function normalProbability(x: number): number {
  if (x < 0) return gammaUpper(0.5, (x * x) / 2) / 2;
  return 0.5 + gammaLower(0.5, (x * x) / 2) / 2;
}

const central = [
  [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
] as const;
const middle = [
  [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
] as const;
const tail = [
  [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7],
  [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15],
] as const;

const horner = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/**
 * The quantile: the x with P(Z ≤ x) = p. −Infinity at 0, Infinity at 1.
 *
 * @throws Error where p is not a probability
 * @example
 * normalQuantile(0.975); // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new Error('normalQuantile needs a probability between 0 and 1');
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(central[0], r)) / horner(central[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? horner(middle[0], r - 1.6) / horner(middle[1], r - 1.6) : horner(tail[0], r - 5) / horner(tail[1], r - 5);
  return q < 0 ? -x : x;
}
