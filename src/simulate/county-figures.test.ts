import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureCounty, presentFigure, readPublishedFigures, type CountyFigure } from './county-figures.ts';
import { figuresSql } from './county-figures.sql.ts';
import { simulate, type Simulated } from './simulate.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-figures-'));
const published = readPublishedFigures();
let run: Simulated;
let figures: Map<string, CountyFigure>;

beforeAll(async () => {
  run = await simulate({ out: dir, people: 30_000, seed: 11 });
  figures = new Map((await measureCounty(dir)).map((figure) => [figure.name, figure]));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const truthRows = (list: string) => {
  const [head, ...lines] = readFileSync(run.truth.find((path) => basename(path) === `${list}.csv`)!, 'utf8').trimEnd().split('\n');
  return lines.filter(Boolean).map((line) => Object.fromEntries(line.split(',').map((cell, i) => [head!.split(',')[i]!, cell])));
};

describe('the county in figures', () => {
  it.each(Object.keys(published))('lies in its range: %s', (name) => {
    const { value, low, high, what } = figures.get(name)!;
    expect(value, what).toBeGreaterThanOrEqual(low);
    expect(value, what).toBeLessThanOrEqual(high);
  });

  it('counts every figure that the pack names, and no other', () => {
    expect(Object.keys(figuresSql).toSorted()).toEqual(Object.keys(published).toSorted());
  });

  it('says a share in per cent and a rate with its decimals', () => {
    expect(presentFigure(0.2312, 'share')).toBe('23.1 %');
    expect(presentFigure(2.449, 'decimal')).toBe('2.4');
    expect(presentFigure(0.127, 'hundredths')).toBe('0.13');
    expect(presentFigure(279.6, 'count')).toBe('280');
  });

  it('keeps near repeats within their distance and days, and makes a quarter to a half as many as there are first burglaries', () => {
    const near = truthRows('near-repeat');
    const burglaries = truthRows('crime').filter((crime) => crime['category'] === 'burglary').length;
    expect(near.length / (burglaries - near.length)).toBeGreaterThan(0.12);
    expect(near.length / (burglaries - near.length)).toBeLessThan(0.6);
    for (const row of near) {
      expect(Number(row['metres'])).toBeLessThanOrEqual(200);
      expect(Number(row['days'])).toBeLessThanOrEqual(14);
    }
  });

  it('makes the ambulance and emergency department lists depend on each other, and neither on the police', () => {
    const events = truthRows('hidden-violence').filter((event) => event['outbreak'] === 'false');
    const oddsRatio = (a: string, b: string) => {
      const n = (x: string, y: string) => events.filter((event) => event[a] === x && event[b] === y).length + 0.5;
      return (n('true', 'true') * n('false', 'false')) / (n('true', 'false') * n('false', 'true'));
    };
    expect(oddsRatio('ambulance', 'emergency_department')).toBeGreaterThan(6);
    expect(Math.abs(Math.log(oddsRatio('police', 'ambulance')))).toBeLessThan(0.6);
    expect(Math.abs(Math.log(oddsRatio('police', 'emergency_department')))).toBeLessThan(0.6);
  });

  it('holds the outbreak to its weeks, areas and method', () => {
    const outbreak = truthRows('hidden-violence').filter((event) => event['outbreak'] === 'true');
    expect(outbreak.length).toBeGreaterThan(10);
    expect(outbreak.length).toBeLessThan(45);
    expect(new Set(outbreak.map((event) => event['lsoa'])).size).toBe(2);
    const days = outbreak.map((event) => Date.parse(event['started_at']!.slice(0, 10)) / 86_400_000);
    expect(Math.max(...days) - Math.min(...days)).toBeLessThan(77);
  });
});
