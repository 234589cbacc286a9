import { describe, expect, it } from 'vitest';
import { findPostcode } from '../core/index.ts';
import { createCounty } from './county.ts';
import { isInside, postcodeText } from './county-streets.ts';
import { deprivationScore } from './county.feed.ts';
import { readSimulationPack } from './simulation.pack.ts';

const pack = readSimulationPack();
const county = createCounty(1, pack, 30_000);

describe('the county', () => {
  it('puts every dwelling, street point, school and licensed premises in its own area and no other', () => {
    const sites = [
      ...Array.from({ length: county.dwellings }, (_, d) => ({ x: county.dwellingX[d]!, y: county.dwellingY[d]!, area: county.dwellingArea[d]! })),
      ...county.points,
    ];
    let wrong = 0;
    for (const { x, y, area } of sites) {
      const found = county.areas.filter((other) => isInside(other.ring, x, y));
      if (found.length !== 1 || found[0]!.index !== area) wrong += 1;
    }
    expect(wrong).toBe(0);
    for (const { x, y, area } of county.schools) expect(isInside(county.areas[area]!.ring, x, y)).toBe(true);
  });

  it('numbers areas, wards and councils with codes that no real one has, nested', () => {
    for (const area of county.areas) {
      expect(area.code).toMatch(/^E0199\d{4}$/);
      expect(county.wards[area.ward]!.council).toBe(area.council);
      expect(area.name.startsWith(county.councils[area.council]!.name)).toBe(true);
    }
    expect(county.wards.every((ward) => /^E0599\d{4}$/.test(ward.code))).toBe(true);
    expect(county.councils.map((council) => council.code)).toEqual(['E06990001', 'E06990002', 'E06990003']);
    expect(new Set(county.areas.map((area) => area.code)).size).toBe(county.areas.length);
  });

  it('gives each postcode to one area, in the form of a postcode', () => {
    expect(new Set(county.postcodes).size).toBe(county.postcodes.length);
    for (const postcode of county.postcodes) expect(findPostcode(postcode)).toBe(postcode);
    expect(findPostcode(postcodeText(99, 3599))).toBe(postcodeText(99, 3599));
  });

  it('has a fifth of its areas in the most deprived fifth, and more social rent there', () => {
    expect(county.areas.filter((area) => area.deprivation >= 0.8).length / county.areas.length).toBeCloseTo(0.2, 1);
    const social = (from: number, to: number) => {
      const homes = Array.from(county.dwellingTenure).filter((_, d) => county.areas[county.dwellingArea[d]!]!.deprivation >= from && county.areas[county.dwellingArea[d]!]!.deprivation < to);
      return homes.filter((tenure) => tenure === 2).length / homes.length;
    };
    expect(social(0.8, 1)).toBeGreaterThan(2 * social(0, 0.5));
  });

  it('clusters premises in the centres', () => {
    const central = new Set(county.centrePoints.flat());
    const share = county.premises.filter((site) => central.has(site.point)).length / county.premises.length;
    expect(share).toBeGreaterThan(0.5);
    expect(central.size / county.points.length).toBeLessThan(0.12);
  });

  it('closes the ring of every area and shares its edges with the neighbours', () => {
    const counts = new Map<string, number>();
    for (const { ring } of county.areas) {
      expect(ring[0]).toEqual(ring.at(-1));
      for (let i = 1; i < ring.length; i += 1) {
        const edge = [ring[i - 1]!.join(), ring[i]!.join()].toSorted().join(' ');
        counts.set(edge, (counts.get(edge) ?? 0) + 1);
      }
    }
    expect(Math.max(...counts.values())).toBe(2);
    expect([...counts.values()].filter((n) => n === 2).length).toBeGreaterThan(counts.size * 0.6);
  });

  it('is the same county for the same seed and another for another', () => {
    const again = createCounty(1, pack, 30_000);
    expect(again.areas).toEqual(county.areas);
    expect(again.dwellingX).toEqual(county.dwellingX);
    expect(createCounty(2, pack, 30_000).areas).not.toEqual(county.areas);
  });

  it('gives the score of the English index at the tenths', () => {
    expect(deprivationScore(0)).toBeCloseTo(0.2);
    expect(deprivationScore(0.5)).toBeCloseTo(17.4);
    expect(deprivationScore(0.95)).toBeGreaterThan(44.9);
  });
});
