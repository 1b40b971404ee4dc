// The service on Hono and its adapter for AWS Lambda.

import { createHash } from 'node:crypto';
import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { getConnInfo, handle } from 'hono/aws-lambda';
import { setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import * as files from './files.js';

const newItem = z.object({
  name: z.string().min(1).max(50),
  quantity: z.int().min(1).max(100),
});

const app = new Hono();

app.get('/health', (c) => c.text('ok'));

app.get('/whatismyip', (c) => c.text(getConnInfo(c).remote.address));

app.all('/echo/*', (c) => {
  const test = c.req.header('x-test');
  return c.json({
    method: c.req.method,
    path: decodeURIComponent(c.req.path),
    query: c.req.queries(),
    host: c.req.header('host') ?? '',
    test: test === undefined ? [] : [test],
  });
});

app.get('/items/:id', (c) => {
  const id = c.req.param('id');
  return c.json({ id, name: `item ${id}` });
});

app.post('/items', zValidator('json', newItem), (c) => c.json({ id: '1', ...c.req.valid('json') }, 201));

app.post('/upload', async (c) => {
  const body = Buffer.from(await c.req.arrayBuffer());
  return c.text(createHash('sha256').update(body).digest('hex'));
});

app.get('/binary', (c) => c.body(files.png(), 200, { 'content-type': 'image/png' }));

app.get('/large', (c) => c.text(files.text(600_000)));

app.get('/huge', (c) => c.text(files.text(2_000_000)));

app.get('/cookies', (c) => {
  setCookie(c, 'a', '1');
  setCookie(c, 'b', '2', { httpOnly: true });
  return c.text('ok');
});

app.get('/redirect', (c) => c.redirect('/whatismyip'));

app.get('/panic', () => {
  throw new Error('secret detail 4711');
});

// What Hono refuses, such as a body that is no JSON, is answered in JSON.
app.onError((error, c) => {
  if (error instanceof HTTPException) {
    return c.json({ error: error.message }, error.status);
  }
  console.error(error);
  return c.text('Internal Server Error', 500);
});

export const handler = handle(app);
