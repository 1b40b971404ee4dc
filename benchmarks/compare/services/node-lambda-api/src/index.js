// The service on Lambda API.

import { createHash } from 'node:crypto';
import createAPI from 'lambda-api';
import * as files from './files.js';

const api = createAPI();

const text = (res, body) => res.header('Content-Type', 'text/plain; charset=utf-8').send(body);

api.get('/health', (req, res) => text(res, 'ok'));

api.get('/whatismyip', (req, res) => text(res, req.ip));

api.any('/echo/*', (req) => ({
  method: req.method,
  path: decodeURIComponent(req.path),
  query: req.multiValueQuery,
  host: req.headers.host ?? '',
  test: req.multiValueHeaders['x-test'] ?? [],
}));

api.get('/items/:id', (req) => ({ id: req.params.id, name: `item ${req.params.id}` }));

api.post('/items', (req, res) => {
  const { name, quantity } = Object(req.body);
  if (typeof name !== 'string' || name.length < 1 || name.length > 50) {
    return res.error(422, 'name has 1 to 50 characters');
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 100) {
    return res.error(422, 'quantity is 1 to 100');
  }
  return res.status(201).json({ id: '1', name, quantity });
});

api.post('/upload', (req, res) => {
  const body = Buffer.from(req.rawBody ?? '', req.isBase64Encoded ? 'base64' : 'utf8');
  text(res, createHash('sha256').update(body).digest('hex'));
});

api.get('/binary', (req, res) => res.type('png').sendFile(Buffer.from(files.png())));

api.get('/large', (req, res) => text(res, files.text(600_000)));

api.get('/huge', (req, res) => text(res, files.text(2_000_000)));

api.get('/cookies', (req, res) => {
  res.cookie('a', '1').cookie('b', '2', { httpOnly: true });
  text(res, 'ok');
});

api.get('/redirect', (req, res) => res.redirect('/whatismyip'));

api.get('/panic', () => {
  throw new Error('secret detail 4711');
});

export const handler = (event, context) => api.run(event, context);
