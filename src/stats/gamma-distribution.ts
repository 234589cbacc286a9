// The gamma function's logarithm and the gamma distribution (shape a, scale 1): lower and upper probability and quantile.
// log Γ: Lanczos 1964 with Godfrey's coefficients (g = 607/128). Probability: series below the mean, continued fraction above
// (Press et al. 2007, section 6.2). Quantile: Wilson and Hilferty 1931, then Halley steps kept inside a bracket.
// About eleven digits for shapes up to a million; the time grows with the root of the shape.

const lanczos = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 0.00003399464998481189,
  0.00004652362892704858, -0.00009837447530487956, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 0.00008441822398385275, -0.000026190838401581408, 0.0000036899182659531625,
];

/**
 * log Γ(x), to about 15 digits.
 *
 * @param x above 0
 * @throws Error where x is not above 0
 * @example
 * Math.exp(logGamma(6)); // 120, which is 5!
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new Error('logGamma needs a number above 0');
  if (x > 1e7) return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x);
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i += 1) sum += lanczos[i]! / (x - 1 + i);
  const base = x + 607 / 128 - 0.5;
  return (x - 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * sum);
}

/** x^a e^(−x) / Γ(a + 1), the factor that series and fraction share. */
function scale(a: number, x: number): number {
  if (a < 100) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  // For large a the terms cancel: x^a e^(a−x) / a^a through log1p, and Γ(a + 1) through Stirling's series.
  const mu = (x - a) / a;
  const stirling = 1 / (12 * a) - 1 / (360 * a ** 3) + 1 / (1260 * a ** 5);
  return Math.exp(a * (Math.log1p(mu) - mu) - stirling) / Math.sqrt(2 * Math.PI * a);
}

/**
 * P(a, x): the probability that a gamma variable of shape a is at most x (the regularised lower incomplete gamma function).
 *
 * @throws Error where a is not above 0 or x is below 0
 * @example
 * gammaLower(1, 1); // 1 − 1/e
 */
export function gammaLower(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new Error('gammaLower needs a shape above 0 and x of at least 0');
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  return x < a + 1 ? series(a, x) : 1 - fraction(a, x);
}

/**
 * Q(a, x) = 1 − P(a, x), with full relative accuracy in the upper tail.
 *
 * @throws Error where a is not above 0 or x is below 0
 * @example
 * gammaUpper(1, 1); // 1/e
 */
export function gammaUpper(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new Error('gammaUpper needs a shape above 0 and x of at least 0');
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
}

function series(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < 1e7; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum * scale(a, x);
}

/** The continued fraction of Q(a, x) by Lentz's method. */
function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1e7; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  // Q = x^a e^(−x) / Γ(a) · h, and Γ(a + 1) = a Γ(a).
  return scale(a, x) * a * h;
}

/**
 * The quantile of the gamma distribution with shape a and scale 1: the x with P(a, x) = p.
 * Half a chi-squared quantile with 2a degrees of freedom.
 *
 * @throws Error where p is not a probability or a is not above 0
 * @example
 * gammaQuantile(0.975, 1); // 3.6888794541139354
 */
export function gammaQuantile(p: number, a: number): number {
  if (!(p >= 0 && p <= 1) || !(a > 0)) throw new Error('gammaQuantile needs a probability and a shape above 0');
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  let low = 0;
  let high = Infinity;
  let x = firstGuess(p, a);
  for (let i = 0; i < 100; i += 1) {
    // Work in the smaller tail, so that the difference keeps its digits.
    const error = p < 0.5 ? gammaLower(a, x) - p : 1 - p - gammaUpper(a, x);
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) - x - logGamma(a));
    const newton = error / density;
    let next = x - newton / (1 - Math.min(1, newton * ((a - 1) / x - 1)) / 2);
    // Below this the step is rounding error of the probability.
    if (Math.abs(next - x) <= 1e-13 * x) return next;
    if (!(next > low && next < high)) next = high === Infinity ? x * 2 : (low + high) / 2;
    x = next;
  }
  return x;
}

function firstGuess(p: number, a: number): number {
  if (a > 1) {
    // Wilson and Hilferty: the cube root of a gamma variable is nearly normal. A crude normal quantile is enough here.
    const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
    const z = (t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t))) * (p < 0.5 ? -1 : 1);
    return Math.max(1e-3, a * (1 - 1 / (9 * a) + z / (3 * Math.sqrt(a))) ** 3);
  }
  const t = 1 - a * (0.253 + a * 0.12);
  return p < t ? Math.max(1e-300, (p / t) ** (1 / a)) : 1 - Math.log1p(-(p - t) / (1 - t));
}
