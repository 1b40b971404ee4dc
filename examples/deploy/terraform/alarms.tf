locals {
  load_balancer_alarms = {
    "load-balancer-errors" = {
      metric      = "HTTPCode_ELB_5XX_Count"
      description = "The load balancer answers 5xx itself, such as the 502 for a function that failed."
      dimensions  = {}
    }
    "target-errors" = {
      metric      = "HTTPCode_Target_5XX_Count"
      description = "The function answers 5xx. A panic is a 500 here, never an error of the function."
      dimensions  = {}
    }
    "function-errors" = {
      metric      = "LambdaUserError"
      description = "Calls of the function fail. The access log's error_reason says why. A body over 1 MB counts too."
      dimensions  = { TargetGroup = aws_lb_target_group.orders.arn_suffix }
    }
  }

  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

# No data is a minute without an error.
resource "aws_cloudwatch_metric_alarm" "load_balancer" {
  for_each = local.load_balancer_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.metric
  dimensions          = merge({ LoadBalancer = aws_lb.orders.arn_suffix }, each.value.dimensions)
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = var.alarm_errors
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "${var.name}-throttles"
  alarm_description   = "Lambda refuses calls, for want of concurrency. The client gets a 502."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}
