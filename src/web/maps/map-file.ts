// A map with its legend in one picture, for the file that can be taken away.

import { textWidth } from '../charts/chart-frame.ts';
import { ink } from '../charts/palette.ts';
import { label } from '../charts/svg-text.ts';
import type { LegendItem } from './map-legend.ts';
import type { DrawnMap } from './place-map.ts';

export interface MapPicture {
  picture: string;
  width: number;
  height: number;
}

const row = 24;

/** The legend stands under the map, in as many columns as fit. */
export function mapWithLegend(map: DrawnMap, legend: LegendItem[]): MapPicture {
  const texts = [...legend.map((item) => item.text), `The bar is ${map.scale} long. North is up.`];
  const column = Math.max(...texts.map((text) => textWidth(text))) + 50;
  const across = Math.max(1, Math.floor(map.width / column));
  const rows = Math.ceil(texts.length / across);
  const height = map.height + rows * row + 12;
  const parts = texts.map((text, index) => {
    const [x, y] = [(index % across) * column, map.height + 10 + Math.floor(index / across) * row];
    const swatch = legend[index]?.swatch.replace('<svg ', `<svg x="${x}" y="${y}" `) ?? '';
    return `${swatch}${label(text, { x: legend[index] ? x + 34 : x, y: y + 13, fill: ink.text })}`;
  });
  return { picture: `<svg width="${map.width}" height="${height}" viewBox="0 0 ${map.width} ${height}">${map.svg}${parts.join('')}</svg>`, width: map.width, height };
}
