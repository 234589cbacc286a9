// Colours of charts and maps: the Government Analysis Function palette, ordered so that neighbours also differ in grey,
// and one single-hue ramp for rates. Never more than four series on one picture.
// Reference: Government Analysis Function, "Data visualisation: colours in charts" (2023).

export const palette = {
  blue: '#12436D',
  turquoise: '#28A197',
  pink: '#801650',
  orange: '#F46A25',
  grey: '#3D3D3D',
  purple: '#A285D1',
} as const satisfies Record<string, string>;

export const series = [palette.blue, palette.orange, palette.turquoise, palette.pink] as const;

/** Light to dark; the darkest is the palette's blue. */
export const ramp = ['#DCE9F5', '#A9CBE8', '#6BA3D0', '#3A74AB', '#12436D'] as const;

/** Ink for text, axes and outlines, and the quiet lines behind the marks. */
export const ink = { text: '#0B0C0C', quiet: '#505A5F', line: '#B1B4B6', faint: '#DFE1E2', ground: '#FFFFFF' } as const;

/** For a label that may lie over a line: the ground is drawn around its letters. */
export const halo = { stroke: ink.ground, strokeWidth: 4, fill: ink.text } as const;

/** The ramp thinned to `count` classes, keeping both ends. */
export function rampOf(count: number): string[] {
  if (count <= 1) return [ramp[ramp.length - 1]!];
  return Array.from({ length: count }, (_, step) => ramp[Math.round((step * (ramp.length - 1)) / (count - 1))]!);
}

/** WCAG 2 contrast ratio of two hexadecimal colours: 1 to 21. */
export function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const level = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
