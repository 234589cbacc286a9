// Serves the catalogue, compressed once for each file and encoding. Only names in the catalogue exist, so no path leads elsewhere.

import type { FastifyInstance } from 'fastify';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { AssetCatalogue } from './asset-catalogue.ts';

const yearInSeconds = 31_536_000;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

type Encoding = 'br' | 'gzip' | 'identity';

/** The best encoding that an Accept-Encoding header allows. */
export function chooseEncoding(header: string | undefined): Encoding {
  const allowed = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', ...rest] = part.trim().toLowerCase().split(';');
      const weight = rest.map((item) => /^\s*q=([\d.]+)$/.exec(item)?.[1]).find((item) => item !== undefined);
      return [name.trim(), weight === undefined ? 1 : Number(weight)] as const;
    }),
  );
  if ((allowed.get('br') ?? 0) > 0) return 'br';
  return (allowed.get('gzip') ?? 0) > 0 ? 'gzip' : 'identity';
}

export function assetRoutes(app: FastifyInstance, assets: AssetCatalogue): void {
  const packed = new Map<string, Promise<Buffer>>();
  const pack = (name: string, body: Buffer, encoding: Encoding): Promise<Buffer> => {
    if (encoding === 'identity' || body.length < 512) return Promise.resolve(body);
    const id = `${encoding}:${name}`;
    const held = packed.get(id);
    if (held) return held;
    const made = encoding === 'br' ? brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }) : zip(body, { level: 9 });
    packed.set(id, made);
    made.catch(() => packed.delete(id));
    return made;
  };

  app.get<{ Params: { version: string; '*': string } }>(
    '/assets/:version/*',
    { compress: false, config: { access: 'public', rateLimit: false } },
    async (request, reply) => {
      const name = request.params['*'];
      const asset = assets.find(name);
      if (!asset) return reply.callNotFound();
      const encoding = asset.body.length < 512 ? 'identity' : chooseEncoding(request.headers['accept-encoding']);
      reply.header('cache-control', request.params.version === assets.version ? `public, max-age=${yearInSeconds}, immutable` : 'no-cache');
      reply.header('vary', 'accept-encoding').type(asset.type);
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
      return reply.send(await pack(name, asset.body, encoding));
    },
  );
}
