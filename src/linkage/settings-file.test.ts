import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { nearestWord } from './nearest-word.ts';
import { readSettingsFile } from './settings-file.ts';

const dir = newFolder('settings');
const read = (yaml: string) => {
  writeFileSync(join(dir, 'settings.yaml'), yaml);
  return readSettingsFile(join(dir, 'settings.yaml'));
};
const whole = 'comparisons:\n  - name: town\n    template: exact\n    column: town\nblocking:\n  - [town]\n';

describe('a settings file', () => {
  it('needs comparisons and rules alone; the rest has defaults', () => {
    expect(read(whole).settings).toMatchObject({ link: 'dedupe', threshold: 0.5, clusters: 'components', 'max-block': 1000, 'large-blocks': 'leave-out', seed: 1, columns: {}, training: { pairs: 400_000 } });
  });

  it.each([
    [`lnik: dedupe\n${whole}`, 1, /"lnik" is not a setting here.*Did you mean "link"\? Allowed are link, id, source/],
    [whole.replace('template:', 'templat:'), 3, /"templat" is not a setting here.*Did you mean "template"\? Allowed are name, template/],
    [whole.replace('template: exact', 'template: exat'), 3, /this word is not allowed.*Did you mean "exact"\? Allowed are name, forename/],
    [`${whole}training:\n  lables: x.csv\n`, 8, /"lables" is not a setting here.*Did you mean "labels"/],
    [`${whole}  - {al: [town], any: phones}\n`, 7, /"al" is not a setting here.*"all"/],
    [`${whole}threshold: 1.5\n`, 7, /threshold: Too big/],
    [`${whole}clusters: vote\n`, 7, /Did you mean "votes"\? Allowed are components, votes/],
    [whole.replace('    column: town\n', ''), 2, /name the column with "column"/],
    [whole.replace('template: exact', 'levels: [{label: a, when: l.a = r.a}, {label: b}]'), 2, /say when nothing can be compared/],
    [whole.replace('[town]', '["town; DROP TABLE x"]'), 6, /one SQL expression/],
    [whole.replace('[town]', '[left(town, 3)]'), 6, /brackets do not close; put an expression with commas into quotes/],
    ['comparisons: [\nblocking: x: y', 2, /not valid YAML/],
  ])('with a mistake is refused with its line (%#)', (yaml, line, message) => {
    expect(() => read(yaml)).toThrow(message);
    expect(() => read(yaml)).toThrow(`settings.yaml:${line})`);
  });

  it('that is not there is said to be not there', () => {
    expect(() => readSettingsFile(join(dir, 'gone.yaml'))).toThrow(/no such file/);
  });

  it('is told the nearest word by its edits, and none where none is near', () => {
    expect(nearestWord('treshold', ['threshold', 'template'])).toBe('threshold');
    expect(nearestWord('xyz', ['threshold', 'template'])).toBeUndefined();
  });
});
