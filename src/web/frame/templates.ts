// The template engine: our templates under src/web beside the published macros, everything escaped unless marked safe.

import nunjucks from 'nunjucks';
import { join } from 'node:path';
import type { AssetCatalogue } from '../asset/asset-catalogue.ts';
import { packageFolder, webFolder } from '../web-folder.ts';
import { presentCount, presentDate, presentDateTime, presentTime } from './date-words.ts';
import { optionTags } from './option-tags.ts';

export type Render = (template: string, context: object) => string;

export function openTemplates(assets: AssetCatalogue): Render {
  const folders = [webFolder, join(packageFolder('govuk-frontend'), 'dist'), packageFolder('@ministryofjustice/frontend')];
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(folders, { noCache: false, watch: false }), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addGlobal('asset', (name: string) => assets.url(name));
  environment.addGlobal('govukRebrand', false);
  environment.addFilter('date', presentDate);
  environment.addFilter('time', presentTime);
  environment.addFilter('dateTime', presentDateTime);
  environment.addFilter('count', presentCount);
  environment.addFilter('optionTags', optionTags);
  return (template, context) => environment.render(template, context);
}
