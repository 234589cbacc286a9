// A document in numbered sections, of paragraphs and tables, that a page or a printer can set: no words of its own.

export interface DocumentParagraph {
  kind: 'paragraph';
  /** Such as "4.2". */
  number: string;
  text: string;
}

export interface DocumentTable {
  kind: 'table';
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface DocumentSection {
  number: string;
  heading: string;
  blocks: readonly (DocumentParagraph | DocumentTable)[];
}

export interface WrittenDocument {
  title: string;
  /** What it is and which version, in a line. */
  subtitle: string;
  sections: readonly DocumentSection[];
}

export const table = (caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): DocumentTable => ({ kind: 'table', caption, columns, rows });

/** Sections in their order, paragraphs numbered within each. Tables without rows are left out, and empty paragraphs. */
export function numberSections(parts: readonly { heading: string; blocks: readonly (string | DocumentTable)[] }[]): DocumentSection[] {
  return parts.map(({ heading, blocks }, index) => {
    let paragraph = 0;
    return {
      number: String(index + 1),
      heading,
      blocks: blocks.flatMap((block): (DocumentParagraph | DocumentTable)[] => {
        if (typeof block !== 'string') return block.rows.length > 0 ? [block] : [];
        return block.trim() === '' ? [] : [{ kind: 'paragraph', number: `${index + 1}.${(paragraph += 1)}`, text: asSentences(block) }];
      }),
    };
  });
}

/** What a person wrote, ending as a sentence does. */
export const asSentences = (text: string): string => (/[.?!:]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** "police, housing and council". */
export const listWords = (words: readonly string[], last = 'and'): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`);
