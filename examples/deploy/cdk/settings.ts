import { Node } from 'constructs';

/** Settings are what differs between two deployments: `cdk deploy -c vpcId=... -c subnetIds=a,b`, or "context" in cdk.json. */
export interface Settings {
  /** Names the function, the target group and the load balancer. One stack of a name per account and Region. */
  readonly name: string;
  readonly vpcId: string;
  /** Two or more, in different Availability Zones; public ones for an internet-facing load balancer. */
  readonly subnetIds: string[];
  readonly internal: boolean;
  /** Who may connect. */
  readonly allowedCidr: string;
  /** The certificate of the HTTPS listener, in the stack's Region. */
  readonly certificateArn: string;
  /** strictest also refuses what browsers do send, such as a space in the path. monitor refuses nothing. */
  readonly desyncMitigationMode: string;
  readonly deletionProtection: boolean;
  /** A bucket that the load balancer may write to. Its log tells why a 502 was a 502. */
  readonly accessLogBucket: string | undefined;
  /** Undefined turns health checks off. Each one is an invocation that you pay, from every Availability Zone. */
  readonly healthCheckPath: string | undefined;
  readonly logRetentionDays: number;
  /** So many errors in one minute raise an alarm, and undo a deployment that is under way. */
  readonly alarmErrors: number;
  /** The SNS topic that learns of alarms. */
  readonly alarmTopicArn: string | undefined;
  readonly login: Login | undefined;
}

/** Login is an OpenID Connect provider in front of a path. */
export interface Login {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  /** A secret of Secrets Manager with the key client_secret. */
  readonly clientSecretArn: string;
  readonly path: string;
}

/** settingsOf reads the context. It throws if a needed value is missing. */
export function settingsOf(node: Node): Settings {
  const optional = (key: string): string | undefined => node.tryGetContext(key)?.toString() || undefined;
  const needed = (key: string): string => {
    const value = optional(key);
    if (!value) {
      throw new Error(`no ${key}: add -c ${key}=..., or "context" in cdk.json`);
    }
    return value;
  };
  const issuer = optional('oidcIssuer');
  return {
    name: optional('name') ?? 'orders',
    vpcId: needed('vpcId'),
    subnetIds: needed('subnetIds').split(','),
    internal: optional('internal') === 'true',
    allowedCidr: optional('allowedCidr') ?? '0.0.0.0/0',
    certificateArn: needed('certificateArn'),
    desyncMitigationMode: optional('desyncMitigationMode') ?? 'defensive',
    deletionProtection: optional('deletionProtection') === 'true',
    accessLogBucket: optional('accessLogBucket'),
    healthCheckPath: optional('healthCheckPath'),
    logRetentionDays: Number(optional('logRetentionDays') ?? 30),
    alarmErrors: Number(optional('alarmErrors') ?? 5),
    alarmTopicArn: optional('alarmTopicArn'),
    login: issuer === undefined ? undefined : {
      issuer,
      authorizationEndpoint: needed('oidcAuthorizationEndpoint'),
      tokenEndpoint: needed('oidcTokenEndpoint'),
      userInfoEndpoint: needed('oidcUserInfoEndpoint'),
      clientId: needed('oidcClientId'),
      clientSecretArn: needed('oidcClientSecretArn'),
      path: optional('oidcPath') ?? '/*',
    },
  };
}
