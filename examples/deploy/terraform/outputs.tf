output "dns_name" {
  description = "What a DNS name of the certificate must be an alias of."
  value       = aws_lb.orders.dns_name
}

output "target_group_arn" {
  description = "What middleware.AllowTargetGroups takes."
  value       = aws_lb_target_group.orders.arn
}

output "load_balancer_arn" {
  description = "The signer that middleware/oidc asks for."
  value       = aws_lb.orders.arn
}

output "newest_version" {
  description = "The version to name as stable_version before the next change is tried."
  value       = aws_lambda_function.orders.version
}
