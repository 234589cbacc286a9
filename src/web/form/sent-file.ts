// A file sent with a form (multipart/form-data), for the routes of one scope: read whole by Node's own reader of forms, within a size of its own. Its
// bytes never stand among the fields; whoever is not signed in is not read at all.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../core/index.ts';

export interface SentFile {
  /** As the browser gave it: not to be trusted. */
  name: string;
  content: Buffer;
}

interface SentForm {
  fields: Record<string, string | string[]>;
  files: Record<string, SentFile[]>;
}

const filesOf = new WeakMap<object, SentForm['files']>();

/** The files that a form sent under a name; none where it was sent without. */
export const sentFiles = (body: unknown, name: string): SentFile[] => (typeof body === 'object' && body !== null ? (filesOf.get(body)?.[name] ?? []) : []);

export const tooLargeCode = 'HEADWATER_FILE_TOO_LARGE';

/** Beside the file: its names, the token and a few words. */
const fieldsBeside = 65_536;
const mostParts = 8;
const longestHead = 4096;
/** So much of what is too large is let pass, so that the browser hears the answer. */
const mostPassed = 10;

const unreadable = (cause?: unknown) => new Problem('usage', { what: 'The form did not arrive as it was sent', todo: 'Go back, choose the file again, and send it once more.', cause });

/** From here on, forms of this scope may send files of so many bytes, so many times a minute from one person. */
export function takeFiles(scope: FastifyInstance, { largest, often }: { largest: number; often: number }): void {
  const limit = scope.rateLimit({ max: often, timeWindow: '1 minute' });
  scope.addHook('onRequest', async function limitForms(request, reply) {
    if (request.method !== 'POST') return;
    await limit.call(this, request, reply);
    if (!request.session && isMultipart(request)) throw Object.assign(new Error('A file came from nobody'), { statusCode: 401 });
  });
  scope.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    const { fields, files } = await readForm(await readBody(payload, largest + fieldsBeside), String(request.headers['content-type']));
    filesOf.set(fields, files);
    return fields;
  });
}

const isMultipart = ({ headers }: FastifyRequest): boolean => /^\s*multipart\//i.test(headers['content-type'] ?? '');

async function readBody(payload: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of payload) {
      length += chunk.length;
      if (length > most) chunks.length = 0;
      else chunks.push(chunk);
      if (length > most * mostPassed) break;
    }
  } catch (error) {
    throw unreadable(error);
  }
  if (length > most) throw Object.assign(new Error('A file is too large'), { statusCode: 413, code: tooLargeCode });
  return Buffer.concat(chunks);
}

async function readForm(body: Buffer, type: string): Promise<SentForm> {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined || !isFair(body, `--${boundary}`)) throw unreadable();
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch (error) {
    throw unreadable(error);
  }
  const fields = Object.create(null) as SentForm['fields'];
  const files = Object.create(null) as SentForm['files'];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = name in fields ? [fields[name]!, value].flat() : value;
    else (files[name] ??= []).push({ name: value.name, content: Buffer.from(await value.arrayBuffer()) });
  }
  return { fields, files };
}

/** Looked at before it is read: parts, and what stands at the head of one, cost more than their bytes. */
function isFair(body: Buffer, mark: string): boolean {
  let marks = 0;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    marks += 1;
    const isEnd = body.subarray(at + mark.length, at + mark.length + 2).equals(Buffer.from('--'));
    const head = isEnd ? 0 : body.subarray(at, at + longestHead).indexOf('\r\n\r\n');
    if (marks > mostParts + 1 || head < 0) return false;
  }
  return marks > 0;
}
