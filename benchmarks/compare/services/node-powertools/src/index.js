// The service on the event handler of Powertools for AWS Lambda.

import { createHash } from 'node:crypto';
import { Router } from '@aws-lambda-powertools/event-handler/http';
import { z } from 'zod';
import * as files from './files.js';

const newItem = z.object({
  name: z.string().min(1).max(50),
  quantity: z.int().min(1).max(100),
});

const plain = { 'content-type': 'text/plain; charset=utf-8' };
const text = (body, headers = plain) => new Response(body, { headers });

const app = new Router();

app.get('/health', () => text('ok'));

// The router knows no address of a load balancer's client, so this is the header as it came.
app.get('/whatismyip', ({ req }) => text(req.headers.get('x-forwarded-for')));

app.route(
  ({ req }) => {
    const { pathname, searchParams } = new URL(req.url);
    const test = req.headers.get('x-test');
    return {
      method: req.method,
      path: decodeURIComponent(pathname),
      query: Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)])),
      host: req.headers.get('host') ?? '',
      test: test === null ? [] : [test],
    };
  },
  { path: /^\/echo\/.+/, method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] }
);

app.get('/items/:id', ({ params: { id } }) => ({ id, name: `item ${id}` }));

app.post(
  '/items',
  ({ valid }) => ({ statusCode: 201, body: JSON.stringify({ id: '1', ...valid.req.body }) }),
  { validation: { req: { body: newItem } } }
);

app.post('/upload', async ({ req }) => {
  const body = Buffer.from(await req.arrayBuffer());
  return text(createHash('sha256').update(body).digest('hex'));
});

app.get('/binary', ({ res }) => {
  res.headers.set('content-type', 'image/png');
  return files.png().buffer;
});

app.get('/large', () => text(files.text(600_000)));

app.get('/huge', () => text(files.text(2_000_000)));

app.get('/cookies', () =>
  text('ok', [
    ...Object.entries(plain),
    ['set-cookie', 'a=1; Path=/'],
    ['set-cookie', 'b=2; Path=/; HttpOnly'],
  ])
);

app.get('/redirect', () => new Response(null, { status: 302, headers: { location: '/whatismyip' } }));

app.get('/panic', () => {
  throw new Error('secret detail 4711');
});

export const handler = async (event, context) => app.resolve(event, context);
