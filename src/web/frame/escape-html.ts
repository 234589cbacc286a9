// How is text written into HTML by hand, where no template does it? So that nothing in it is markup.

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character]!);

/** As escapeHtml, but an entity such as &lt; stays one. */
export const escapeButEntities = (text: string): string => text.replaceAll(/&(?!#?\w{1,31};)|[<>"']/g, (character) => escapes[character]!);
