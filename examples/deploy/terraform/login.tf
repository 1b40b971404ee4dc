# A rule of Terraform's own would write the client's secret into the state. CloudFormation reads it from Secrets Manager itself, and
# the state holds no more than this reference.
resource "aws_cloudformation_stack" "login" {
  count = var.login == null ? 0 : 1
  name  = "${var.name}-login"

  template_body = jsonencode({
    Resources = {
      LoginRule = {
        Type = "AWS::ElasticLoadBalancingV2::ListenerRule"
        Properties = {
          ListenerArn = aws_lb_listener.https.arn
          Priority    = 10
          Conditions = [{
            Field             = "path-pattern"
            PathPatternConfig = { Values = [var.login.path] }
          }]
          Actions = [
            {
              Type  = "authenticate-oidc"
              Order = 1
              AuthenticateOidcConfig = {
                Issuer                   = var.login.issuer
                AuthorizationEndpoint    = var.login.authorization_endpoint
                TokenEndpoint            = var.login.token_endpoint
                UserInfoEndpoint         = var.login.user_info_endpoint
                ClientId                 = var.login.client_id
                ClientSecret             = "{{resolve:secretsmanager:${var.login.client_secret_arn}:SecretString:client_secret}}"
                Scope                    = "openid"
                OnUnauthenticatedRequest = "authenticate"
              }
            },
            {
              Type           = "forward"
              Order          = 2
              TargetGroupArn = aws_lb_target_group.orders.arn
            },
          ]
        }
      }
    }
  })
}
