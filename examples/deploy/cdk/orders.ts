import * as path from 'node:path';

import { Annotations, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import { Login, Settings } from './settings';

/** OrdersStack is the orders example behind an Application Load Balancer. */
export class OrdersStack extends Stack {
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, { description: 'The orders example behind an Application Load Balancer.' });
    this.settings = settings;

    const fn = this.function();
    const alias = new lambda.Alias(this, 'Live', { aliasName: 'live', version: fn.currentVersion });
    const targetGroup = this.targetGroup(alias);
    const loadBalancer = this.loadBalancer();
    const listener = this.listeners(loadBalancer, targetGroup);
    if (settings.login) {
      this.login(listener, targetGroup, settings.login);
    }

    // The two alarms that undo a deployment watch the load balancer, not the target group: the group needs the alias, the alias
    // the deployment, the deployment its alarms.
    const loadBalancerErrors = this.alarm('LoadBalancerErrors', settings.alarmErrors,
      loadBalancer.metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
      'The load balancer answers 5xx itself, such as the 502 for a function that failed.');
    const targetErrors = this.alarm('TargetErrors', settings.alarmErrors,
      loadBalancer.metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
      'The function answers 5xx. A panic is a 500 here, never an error of the function.');
    this.alarm('FunctionErrors', settings.alarmErrors,
      targetGroup.metrics.custom('LambdaUserError'),
      "Calls of the function fail. The access log's error_reason says why. A body over 1 MB counts too.");
    this.alarm('Throttles', 1, fn.metricThrottles(),
      'Lambda refuses calls, for want of concurrency. The client gets a 502.');

    // The alias sends a tenth of the requests to a new version, and all of them after five minutes, unless an alarm undoes it.
    new codedeploy.LambdaDeploymentGroup(this, 'Deployment', {
      alias,
      deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [loadBalancerErrors, targetErrors],
    });

    new CfnOutput(this, 'DnsName', {
      value: loadBalancer.loadBalancerDnsName, description: 'What a DNS name of the certificate must be an alias of.',
    });
    new CfnOutput(this, 'TargetGroupArn', {
      value: targetGroup.targetGroupArn, description: 'What middleware.AllowTargetGroups takes.',
    });
    new CfnOutput(this, 'LoadBalancerArn', {
      value: loadBalancer.loadBalancerArn, description: 'The signer that middleware/oidc asks for.',
    });
  }

  private function(): lambda.Function {
    // Made here, or Lambda would make one that keeps every line for ever.
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${this.settings.name}`,
      retention: this.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // It may write its own log and nothing else; it may not make log groups.
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    return new lambda.Function(this, 'Function', {
      functionName: this.settings.name,
      code: lambda.Code.fromAsset(path.join(__dirname, '../../orders.zip')),
      handler: 'bootstrap',
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.seconds(10),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
    });
  }

  // LambdaTarget of aws-elasticloadbalancingv2-targets lets the load balancing service call the function for any target group of
  // anyone. This target lets one. The ARN ends in a part that AWS invents when it makes the group, which is when it registers the
  // target, which needs the permission: hence the asterisk. The name is unique in the account and Region.
  private targetGroup(alias: lambda.Alias): elbv2.ApplicationTargetGroup {
    const { name, healthCheckPath } = this.settings;
    const permission = new lambda.CfnPermission(this, 'Permission', {
      functionName: alias.functionArn,
      action: 'lambda:InvokeFunction',
      principal: 'elasticloadbalancing.amazonaws.com',
      sourceArn: this.formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: `${name}/*` }),
      sourceAccount: this.account,
    });
    const targetGroup = new elbv2.ApplicationTargetGroup(this, 'TargetGroup', {
      targetGroupName: name,
      targetType: elbv2.TargetType.LAMBDA,
      // Off, as by default, a header or a query key that comes twice is lost but for its last value.
      multiValueHeadersEnabled: true,
      targets: [{
        attachToApplicationTargetGroup: () => ({ targetType: elbv2.TargetType.LAMBDA, targetJson: { id: alias.functionArn } }),
      }],
      healthCheck: healthCheckPath === undefined ? { enabled: false } : {
        enabled: true,
        path: healthCheckPath,
        interval: Duration.seconds(35),
        timeout: Duration.seconds(30),
        healthyHttpCodes: '200',
      },
    });
    targetGroup.node.addDependency(permission);
    return targetGroup;
  }

  private loadBalancer(): elbv2.ApplicationLoadBalancer {
    const { name, vpcId, subnetIds, internal, allowedCidr, accessLogBucket } = this.settings;
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: this.availabilityZones });

    // The function is called through Lambda's API, not through the VPC. Only the login needs a way out: to the identity provider.
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc, description: `Load balancer of ${name}`, allowAllOutbound: false,
    });
    securityGroup.addIngressRule(ec2.Peer.ipv4(allowedCidr), ec2.Port.tcp(80), 'redirected to HTTPS');
    securityGroup.addIngressRule(ec2.Peer.ipv4(allowedCidr), ec2.Port.tcp(443), 'HTTPS');
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'identity provider');

    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      loadBalancerName: name,
      vpc,
      vpcSubnets: { subnets: subnetIds.map((id) => this.subnet(id)) },
      internetFacing: !internal,
      securityGroup,
      // Longer than the function's timeout, or the client gets nothing where it could have had a late answer.
      idleTimeout: Duration.seconds(60),
      // The function takes the rightmost address for the client's. That is true in this mode only.
      xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND,
      // X_Forwarded_For and the like do not reach the function.
      dropInvalidHeaderFields: true,
      desyncMitigationMode: this.settings.desyncMitigationMode as elbv2.DesyncMitigationMode,
      deletionProtection: this.settings.deletionProtection,
    });
    loadBalancer.setAttribute('access_logs.s3.enabled', accessLogBucket === undefined ? 'false' : 'true');
    if (accessLogBucket !== undefined) {
      loadBalancer.setAttribute('access_logs.s3.bucket', accessLogBucket);
      loadBalancer.setAttribute('access_logs.s3.prefix', name);
    }
    return loadBalancer;
  }

  private subnet(id: string): ec2.ISubnet {
    const subnet = ec2.Subnet.fromSubnetId(this, id, id);
    Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'Nothing here asks for a route table.');
    return subnet;
  }

  private listeners(
    loadBalancer: elbv2.ApplicationLoadBalancer, targetGroup: elbv2.ApplicationTargetGroup,
  ): elbv2.ApplicationListener {
    loadBalancer.addListener('Http', {
      protocol: elbv2.ApplicationProtocol.HTTP,
      open: false, // the security group says who may connect
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    return loadBalancer.addListener('Https', {
      protocol: elbv2.ApplicationProtocol.HTTPS,
      open: false,
      sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
      certificates: [elbv2.ListenerCertificate.fromArn(this.settings.certificateArn)],
      defaultAction: elbv2.ListenerAction.forward([targetGroup]),
    });
  }

  private login(listener: elbv2.ApplicationListener, targetGroup: elbv2.ApplicationTargetGroup, login: Login): void {
    listener.addAction('Login', {
      priority: 10,
      conditions: [elbv2.ListenerCondition.pathPatterns([login.path])],
      action: elbv2.ListenerAction.authenticateOidc({
        issuer: login.issuer,
        authorizationEndpoint: login.authorizationEndpoint,
        tokenEndpoint: login.tokenEndpoint,
        userInfoEndpoint: login.userInfoEndpoint,
        clientId: login.clientId,
        // CloudFormation reads the secret when it makes the rule, and keeps this reference.
        clientSecret: SecretValue.secretsManager(login.clientSecretArn, { jsonField: 'client_secret' }),
        scope: 'openid',
        onUnauthenticatedRequest: elbv2.UnauthenticatedAction.AUTHENTICATE,
        allowHttpsOutbound: false, // the security group does
        next: elbv2.ListenerAction.forward([targetGroup]),
      }),
    });
  }

  // No data is a minute without an error.
  private alarm(id: string, threshold: number, metric: cloudwatch.Metric, alarmDescription: string): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric: metric.with({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) }),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription,
    });
    if (this.settings.alarmTopicArn) {
      alarm.addAlarmAction(new actions.SnsAction(sns.Topic.fromTopicArn(this, `${id}Topic`, this.settings.alarmTopicArn)));
    }
    return alarm;
  }
}
