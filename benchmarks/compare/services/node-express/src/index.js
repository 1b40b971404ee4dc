// The service on Express, brought to Lambda by serverless-express.

import serverlessExpress from '@codegenie/serverless-express';
import { app } from './app.js';

export const handler = serverlessExpress({ app });
