import { App } from 'aws-cdk-lib';

import { OrdersStack } from './orders';
import { settingsOf } from './settings';

const app = new App();
const settings = settingsOf(app.node);
new OrdersStack(app, settings.name, settings);
