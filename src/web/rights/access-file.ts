// An attached file in the words of the pages about people's right of access: what kind it is, how large, and why it cannot be had.

import { presentFileSize } from '../../core/index.ts';
import { attachmentMediaTypes, type PackFile } from '../../govern/index.ts';

const kindWords = new Map([
  ['application/pdf', 'PDF'], ['image/png', 'Picture (PNG)'], ['image/jpeg', 'Picture (JPEG)'], ['text/plain', 'Text'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'Word document'], ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'Excel workbook'],
]);

export const lostWords: Record<NonNullable<PackFile['lost']>, string> = { missing: 'It is not where Headwater keeps it', unreadable: 'It is damaged, or its key is not at hand', changed: 'It is not the file that was attached' };

export const presentFile = ({ mediaType, bytes }: Pick<PackFile, 'mediaType' | 'bytes'>): string => `${attachmentMediaTypes.has(mediaType) ? kindWords.get(mediaType) : 'File'}, ${presentFileSize(bytes)}`;
