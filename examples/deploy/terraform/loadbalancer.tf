resource "aws_lb_target_group" "orders" {
  name        = var.name
  target_type = "lambda"

  # Off, as by default, a header or a query key that comes twice is lost but for its last value.
  lambda_multi_value_headers_enabled = true

  health_check {
    enabled  = var.health_check_path != null
    path     = coalesce(var.health_check_path, "/")
    interval = 35
    timeout  = 30
    matcher  = "200"
  }
}

# Registering asks whether the load balancer may call, so the permission comes first.
resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = aws_lambda_alias.live.arn

  depends_on = [aws_lambda_permission.load_balancer]
}

# The function is called through Lambda's API, not through the VPC. Only the login needs a way out: to the identity provider.
resource "aws_security_group" "load_balancer" {
  name_prefix = "${var.name}-"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "redirected to HTTPS"
  cidr_ipv4         = var.allowed_cidr
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTPS"
  cidr_ipv4         = var.allowed_cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "identity_provider" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "identity provider"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb" "orders" {
  name               = var.name
  load_balancer_type = "application"
  internal           = var.internal
  subnets            = var.subnet_ids
  security_groups    = [aws_security_group.load_balancer.id]

  # Longer than the function's timeout, or the client gets nothing where it could have had a late answer.
  idle_timeout = 60

  # The function takes the rightmost address for the client's. That is true in this mode only.
  xff_header_processing_mode = "append"

  # X_Forwarded_For and the like do not reach the function.
  drop_invalid_header_fields = true

  desync_mitigation_mode     = var.desync_mitigation_mode
  enable_deletion_protection = var.deletion_protection

  dynamic "access_logs" {
    for_each = var.access_log_bucket == null ? [] : [var.access_log_bucket]

    content {
      enabled = true
      bucket  = access_logs.value
      prefix  = var.name
    }
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders.arn
  }
}
