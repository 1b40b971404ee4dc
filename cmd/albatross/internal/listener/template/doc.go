/*
Package template reads the rules of a listener, and the functions behind it, out of what a project has already:

  - a rules file, in JSON or YAML: Rules as "aws elbv2 describe-rules" prints them, and Functions by name, which rules name in place
    of a target group's ARN; a pasted ARN means the function with that TargetGroupArn, or the one named like the target group;
  - a CloudFormation or SAM template, in YAML or JSON: AWS::ElasticLoadBalancingV2::Listener, ListenerRule and TargetGroup,
    AWS::Lambda::Function, Alias and Version, AWS::Serverless::Function and Globals. A function has its logical ID for a name;
  - the output of "terraform show -json" of a state or a plan: aws_lb_listener, aws_lb_listener_rule, aws_lb_target_group,
    aws_lb_target_group_attachment, aws_lambda_function and aws_lambda_alias, child modules included. A function is called by its
    function_name, or by its address while that is not known.

# How a function is run

A command that the user gives for a function wins. Otherwise its runtime and the folder of its code tell:

  - provided.*: a folder with a Go program is built and run; else the file bootstrap in it, or in .aws-sam/build;
  - python3.*: python3 -m awslambdaric and the handler, so that package must be installed;
  - nodejs*: npx aws-lambda-ric and the handler;
  - anything else, images, archives and inline code among it, is a fault that asks for --function name=command.

In Terraform the folder is known only when a data source archive_file makes the function's file of it.

# What a template does not tell

Of CloudFormation's functions these are evaluated: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Split, Fn::Select, Fn::FindInMap, Fn::If
and the conditions, with the parameters' defaults unless the user gives others. AWS::Region is us-east-1 and AWS::AccountId
123456789012. What is known only after a deployment, such as the name of a load balancer, is a fault with the logical ID and the
path of the property, but for environment variables: those are left out, with a warning.

A listener that a template refers to and does not hold has rules, but no default rule: a page with 404 takes its place. Actions that
authenticate are read for their type alone. In Terraform's plans a local value hides what it refers to; a state knows all ARNs.
*/
package template
