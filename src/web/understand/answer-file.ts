// What can be taken away from a question page: a table as clean CSV with a description of its columns beside it (the W3C's
// CSV on the Web), and a picture as an SVG file with its finding, what it shows, and where it comes from.

import { toCsv, type Answer, type CellValue, type Table } from '../../core/index.ts';
import { fontSize, type Chart } from '../charts/chart-frame.ts';
import { ink } from '../charts/palette.ts';
import { label } from '../charts/svg-text.ts';
import { presentDate } from '../frame/date-words.ts';
import { shortSnapshotId } from '../frame/frame.ts';
import { sortedRows } from './answer-table.ts';

/** The table as it is, with the columns' short names; a suppressed cell holds "[c]", the mark that government statistics use. */
export function tableCsv(table: Table, sort?: string): string {
  const names = table.columns.map((column) => column.name);
  const rows = sortedRows(table, sort).map(({ values, suppressed }) =>
    Object.fromEntries(names.map((name): [string, CellValue] => [name, suppressed.has(name) ? '[c]' : (values[name] ?? null)])));
  return toCsv(names, rows);
}

/** One sentence for each reason. */
const leftOutWords = ({ leftOut = [] }: Answer): string[] => [...Map.groupBy(leftOut, ({ why }) => why)].map(([why, feeds]) => `Not in these numbers: ${feeds.map(({ label }) => label).join(', ')}. ${why}`);

const datatypes = { text: 'string', count: 'number', decimal: 'number', share: 'number', month: 'gYearMonth', date: 'date' } as const;

export function tableMetadata(table: Table, answer: Answer, csvHref: string): object {
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    url: csvHref,
    'dc:title': table.title,
    'dc:description': answer.sentence,
    'dc:source': answer.sources.map((source) => source.label).join('; '),
    'dc:identifier': answer.snapshot.id,
    'dc:modified': answer.snapshot.builtAt,
    notes: [...(table.note ? [table.note] : []), answer.suppression.rule, ...answer.howSure, ...leftOutWords(answer)],
    null: ['', '[c]'],
    tableSchema: {
      columns: table.columns.map((column) => ({
        name: column.name,
        titles: column.label,
        datatype: datatypes[column.format],
        ...(column.unit ? { 'dc:description': column.unit } : column.format === 'share' ? { 'dc:description': 'share of 1' } : {}),
      })),
    },
  };
}

const padding = 20;

/** A chart that stands alone, with its title and its source in the picture. */
export function chartFile(chart: Chart, answer: Answer, partnership: string): string {
  return pictureFile({ picture: chart.wide, width: chart.width, height: chart.height, title: chart.title, subtitle: chart.subtitle ?? '' }, answer, partnership);
}

export interface Picture {
  picture: string;
  width: number;
  height: number;
  title: string;
  subtitle: string;
}

export function pictureFile(picture: Picture, answer: Answer, partnership: string): string {
  const width = Math.max(picture.width, 600);
  const title = wrap(picture.title, Math.floor(width / 10));
  const subtitle = wrap(picture.subtitle, Math.floor(width / 7.5));
  const source = wrap(`${partnership}. Source: ${answer.sources.map((item) => item.label).join(', ') || 'none'}. Snapshot ${shortSnapshotId(answer.snapshot.id)}, built ${presentDate(answer.snapshot.builtAt)}. ${answer.suppression.rule}`, Math.floor(width / 6.6));
  const top = padding + title.length * 24 + subtitle.length * 20 + 14;
  const bottom = top + picture.height + 20;
  const height = bottom + source.length * 17 + padding;
  const lines = (texts: string[], y: number, step: number, attributes: Record<string, string | number>): string =>
    texts.map((text, index) => label(text, { x: padding, y: y + index * step, ...attributes })).join('');
  const inner = picture.picture.replace('<svg ', `<svg x="${padding}" y="${top}" `);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 2 * padding} ${height}" width="${width + 2 * padding}" height="${height}" font-family="Arial, Helvetica, sans-serif" font-size="${fontSize}" color="${ink.text}">`,
    `<rect width="100%" height="100%" fill="${ink.ground}"/>`,
    lines(title, padding + 18, 24, { 'font-size': 19, 'font-weight': 'bold', fill: ink.text }),
    lines(subtitle, padding + title.length * 24 + 14, 20, { fill: ink.quiet }),
    inner,
    lines(source, bottom + 12, 17, { 'font-size': 12, fill: ink.quiet }),
    '</svg>',
  ].join('');
}

export function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
