data "aws_caller_identity" "current" {}

# Made here, or Lambda would make one that keeps every line for ever.
resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

# It may write its own log and nothing else; it may not make log groups.
resource "aws_iam_role" "function" {
  name_prefix = "${var.name}-"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.function.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.function.arn}:*"
    }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name    = var.name
  filename         = "${path.module}/../orders.zip"
  source_code_hash = filebase64sha256("${path.module}/../orders.zip")
  handler          = "bootstrap"
  runtime          = "provided.al2023"
  architectures    = ["arm64"]
  memory_size      = 256
  timeout          = 10
  role             = aws_iam_role.function.arn
  publish          = true

  logging_config {
    log_group             = aws_cloudwatch_log_group.function.name
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  depends_on = [aws_iam_role_policy.logs]
}

locals {
  newest = aws_lambda_function.orders.version
  stable = coalesce(var.stable_version, local.newest)
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = local.stable

  dynamic "routing_config" {
    for_each = var.canary_weight > 0 ? [var.canary_weight] : []

    # Empty if the newest version is the stable one: then there is nothing to weigh.
    content {
      additional_version_weights = { for version in [local.newest] : version => routing_config.value if version != local.stable }
    }
  }
}

# On the alias, for this target group alone.
resource "aws_lambda_permission" "load_balancer" {
  statement_id   = "load-balancer"
  function_name  = aws_lambda_function.orders.function_name
  qualifier      = aws_lambda_alias.live.name
  action         = "lambda:InvokeFunction"
  principal      = "elasticloadbalancing.amazonaws.com"
  source_arn     = aws_lb_target_group.orders.arn
  source_account = data.aws_caller_identity.current.account_id
}
