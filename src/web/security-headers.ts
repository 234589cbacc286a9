// The headers that every answer carries, whatever became of its request: worked out once by helmet, so that an answer which never
// reaches a route (an address or a request that cannot be read) carries the same ones.

import helmet from '@fastify/helmet';
import Fastify from 'fastify';

const unusedFeatures = ['accelerometer', 'autoplay', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi', 'payment', 'usb', 'browsing-topics'];

/** No inline script or style anywhere. The map needs a worker from here and images that it makes itself (`blob:`). */
function contentPolicy(formTargets: readonly string[]): Record<string, string[]> {
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'connect-src': ["'self'"],
    'worker-src': ["'self'"],
    'font-src': ["'none'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'", ...formTargets],
    'frame-ancestors': ["'none'"],
  };
}

/** What helmet sets on an answer of a server that does nothing else, with our own beside it. */
export async function readSecurityHeaders(options: { https: boolean; formTargets: readonly string[] }): Promise<Record<string, string>> {
  const bare = Fastify();
  await bare.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy(options.formTargets) },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
  });
  bare.get('/', (_request, reply) => reply.code(204).send());
  const { headers } = await bare.inject('/');
  await bare.close();
  const set = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !['date', 'connection', 'content-length'].includes(entry[0]));
  return {
    ...Object.fromEntries(set),
    'permissions-policy': unusedFeatures.map((name) => `${name}=()`).join(', '),
    'cache-control': 'no-store',
  };
}
