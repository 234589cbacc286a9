// Statistics, one per file, pure and checked against published values: concentration and chance, intervals, ranks, correlation, the bootstrap.
export * from './binomial-distribution.ts';
export * from './bootstrap.ts';
export * from './chance-concentration.ts';
export * from './cohen-kappa.ts';
export * from './concentration.ts';
export * from './gamma-distribution.ts';
export * from './kendall.ts';
export * from './normal-distribution.ts';
export * from './poisson-interval.ts';
export * from './quantile.ts';
export { ranks } from './ranks.ts';
export * from './spearman.ts';
export * from './usual-limit.ts';
export * from './wilson-interval.ts';
