// A whole fictional partnership, Fenmarch: its county, people, events and every agency's files, with the truth beside them.
export type { SimulateOptions, Simulated } from './simulate.ts';
export { simulate } from './simulate.ts';
export type { CountyFigure, PublishedFigure } from './county-figures.ts';
export { measureCounty, measurePlanted, presentFigure, readPublishedFigures } from './county-figures.ts';
