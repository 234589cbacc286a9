// A seeded generator whose streams are independent and stable across machines and versions.
// Method: xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32 over a hash (FNV-1a) of the seed and the stream's name.

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Whole number in [0, bound). */
  below(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal (polar method). */
  normal(): number;
  /** Gamma with shape and scale (Marsaglia and Tsang 2000). */
  gamma(shape: number, scale: number): number;
  /** Poisson count; inversion below 30, normal approximation with rounding above. */
  poisson(mean: number): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** One item, uniformly. Throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** An index drawn by cumulative weights (ascending, last is the total). */
  pickIndex(cumulative: ArrayLike<number>): number;
}

/** A stream of random numbers for one process of one seed. */
export function createRandom(seed: number | string, stream = 'main'): Random {
  let hash = 0x811c9dc5;
  for (const character of `${seed}\u0000${stream}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  const mix = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let z = hash;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix();

  const next = () => {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result / 4294967296;
  };
  const normal = () => {
    for (;;) {
      const u = next() * 2 - 1;
      const v = next() * 2 - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
  const gamma = (shape: number, scale: number): number => {
    if (shape < 1) return gamma(shape + 1, scale) * Math.pow(1 - next(), 1 / shape);
    const k = shape - 1 / 3;
    const w = 1 / Math.sqrt(9 * k);
    for (;;) {
      const x = normal();
      const v = (1 + w * x) ** 3;
      if (v <= 0) continue;
      const u = 1 - next();
      if (Math.log(u) < 0.5 * x * x + k - k * v + k * Math.log(v)) return k * v * scale;
    }
  };
  const poisson = (mean: number) => {
    if (mean <= 0) return 0;
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let product = next();
    let count = 0;
    while (product > limit) {
      product *= next();
      count += 1;
    }
    return count;
  };
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    chance: (probability) => next() < probability,
    normal,
    gamma,
    poisson,
    exponential: (mean) => -mean * Math.log(1 - next()),
    pick: (items) => {
      if (items.length === 0) throw new Error('pick needs at least one item');
      return items[Math.floor(next() * items.length)]!;
    },
    pickIndex: (cumulative) => {
      const target = next() * (cumulative[cumulative.length - 1] ?? 0);
      let low = 0;
      let high = cumulative.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cumulative[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
