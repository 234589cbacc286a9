// What may be attached to an entry: a file of a few kinds that people work with, told by its name and by how it begins, so that neither alone is
// believed. Containers (DOCX, XLSX) are not opened: the names of their parts stand plain in them.

export const largestAttachment = 10_000_000;
export const longestFileName = 200;

export type AttachmentFault = 'missing' | 'empty' | 'too-large' | 'name-too-long' | 'kind' | 'content';

interface Kind {
  mediaType: string;
  /** Whether it is in truth what its name says. */
  is(content: Buffer): boolean;
}

const startsWith = (...bytes: number[]) => (content: Buffer) => content.subarray(0, bytes.length).equals(Buffer.from(bytes));
const isZip = startsWith(0x50, 0x4b, 0x03, 0x04);
const isOffice = (part: string) => (content: Buffer) => isZip(content) && content.includes('[Content_Types].xml') && content.includes(part);
const jpeg: Kind = { mediaType: 'image/jpeg', is: startsWith(0xff, 0xd8, 0xff) };

/** By the ending of the name. */
const kinds = new Map<string, Kind>([
  ['pdf', { mediaType: 'application/pdf', is: startsWith(...Buffer.from('%PDF-')) }],
  ['png', { mediaType: 'image/png', is: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) }],
  ['jpg', jpeg],
  ['jpeg', jpeg],
  ['txt', { mediaType: 'text/plain', is: isPlainText }],
  ['docx', { mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', is: isOffice('word/') }],
  ['xlsx', { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', is: isOffice('xl/') }],
]);

export const attachmentEndings: readonly string[] = [...kinds.keys()];
export const attachmentMediaTypes: ReadonlySet<string> = new Set([...kinds.values()].map(({ mediaType }) => mediaType));

/** The ending that a file of a kind has. */
export const endingOf = (mediaType: string): string => [...kinds].find(([, kind]) => kind.mediaType === mediaType)?.[0] ?? 'bin';

/** Letters, lines and tabs, in whatever alphabet; nothing that a text never has. */
function isPlainText(content: Buffer): boolean {
  return content.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}

/** Controls, and marks that turn the direction of writing: a name would show what it is not. Joiners stay, since languages are written with them. */
const unshown = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/gu;

/**
 * The name of a file as text: what some browsers send before it, as where it lay, is left out, and so is what no name shows.
 *
 * @example
 * cleanFileName('C:\\letters\\school.pdf'); // 'school.pdf'
 */
export const cleanFileName = (name: string): string => name.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1)!.replaceAll(unshown, '').replaceAll(/\s+/g, ' ').trim();

export interface OfferedFile {
  fileName: string;
  content: Buffer;
}

export type AttachmentCheck = { ok: true; fileName: string; mediaType: string } | { ok: false; fault: AttachmentFault };

export function checkAttachment({ fileName, content }: OfferedFile): AttachmentCheck {
  const name = cleanFileName(fileName);
  const [, ending = ''] = /^.*[^. ].*\.([^.]+)$/.exec(name) ?? [];
  const kind = kinds.get(ending.toLowerCase());
  const fault: AttachmentFault | undefined =
    name === '' && content.length === 0 ? 'missing' : content.length === 0 ? 'empty' : content.length > largestAttachment ? 'too-large' : name.length > longestFileName ? 'name-too-long' : !kind ? 'kind' : !kind.is(content) ? 'content' : undefined;
  return fault === undefined && kind ? { ok: true, fileName: name, mediaType: kind.mediaType } : { ok: false, fault: fault ?? 'kind' };
}
