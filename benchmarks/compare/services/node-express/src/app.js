// The service on Express.

import { createHash } from 'node:crypto';
import express from 'express';
import * as files from './files.js';

export const app = express();

// One proxy, the load balancer.
app.set('trust proxy', 1);

const text = (res, body) => res.type('text/plain').send(body);

app.get('/health', (req, res) => text(res, 'ok'));

app.get('/whatismyip', (req, res) => text(res, req.ip));

app.all('/echo/*rest', (req, res) => {
  const test = req.get('x-test');
  const query = Object.entries(req.query).map(([key, value]) => [key, [value].flat()]);
  res.json({
    method: req.method,
    path: decodeURIComponent(req.path),
    query: Object.fromEntries(query),
    host: req.get('host') ?? '',
    test: test === undefined ? [] : [test],
  });
});

app.get('/items/:id', (req, res) => {
  const { id } = req.params;
  res.json({ id, name: `item ${id}` });
});

app.post('/items', express.json(), (req, res) => {
  const { name, quantity } = req.body ?? {};
  if (typeof name !== 'string' || name.length < 1 || name.length > 50) {
    return res.status(422).json({ error: 'name has 1 to 50 characters' });
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 100) {
    return res.status(422).json({ error: 'quantity is 1 to 100' });
  }
  res.status(201).json({ id: '1', name, quantity });
});

app.post('/upload', express.raw({ type: '*/*', limit: '1mb' }), (req, res) => {
  text(res, createHash('sha256').update(req.body ?? '').digest('hex'));
});

app.get('/binary', (req, res) => res.type('png').send(Buffer.from(files.png())));

app.get('/large', (req, res) => text(res, files.text(600_000)));

app.get('/huge', (req, res) => text(res, files.text(2_000_000)));

app.get('/cookies', (req, res) => {
  res.cookie('a', '1').cookie('b', '2', { httpOnly: true });
  text(res, 'ok');
});

app.get('/redirect', (req, res) => res.redirect('/whatismyip'));

app.get('/panic', () => {
  throw new Error('secret detail 4711');
});

// What body-parser refuses is answered in JSON; the rest is Express's own.
app.use((error, req, res, next) => {
  if (error.type === 'entity.parse.failed') {
    return res.status(error.status).json({ error: 'the body is no JSON' });
  }
  next(error);
});
