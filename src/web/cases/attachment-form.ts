// The one question of attaching a file, with what is wrong with what was sent; and a file on its way to whoever opens it: for keeping, never shown as a page.

import { attachmentEndings, attachmentMediaTypes, largestAttachment, longestFileName, type AttachmentFault, type CaseAttachment } from '../../govern/index.ts';
import type { FormField } from '../form/step-form.ts';

const megabytes = `${largestAttachment / 1_000_000} MB`;
const kinds = 'a PDF, PNG, JPEG, DOCX, XLSX or TXT';

export const faultWords: Record<AttachmentFault | 'several', string> = {
  missing: 'Select a file',
  empty: 'The selected file is empty',
  'too-large': `The selected file must be smaller than ${megabytes}`,
  'name-too-long': `The name of the selected file must be ${longestFileName} characters or fewer`,
  kind: `The selected file must be ${kinds}`,
  content: `The selected file is not what its name says. It must be ${kinds}, saved as such by a program`,
  several: 'You can only select one file',
};

export const fileField = 'file';

export const askFile = (fault: keyof typeof faultWords | undefined): FormField => ({
  kind: 'file', name: fileField, label: 'Which file belongs to the entry?', accept: attachmentEndings.map((ending) => `.${ending}`).join(','),
  hint: `One file of up to ${megabytes}: ${kinds.replace('a ', '')}. Only what the work needs.`, ...(fault === undefined ? {} : { error: faultWords[fault] }),
});

/** Headers of a file: its name in letters that every browser reads, and in full (RFC 6266); no type but those that may be attached. */
export function fileHeaders({ fileName, mediaType }: Pick<CaseAttachment, 'fileName' | 'mediaType'>): Record<string, string> {
  const plain = fileName.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/[^\w .-]/g, '_');
  const full = encodeURIComponent(fileName).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    'content-type': attachmentMediaTypes.has(mediaType) ? mediaType : 'application/octet-stream',
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${full}`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  };
}
